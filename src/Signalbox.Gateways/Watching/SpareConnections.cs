using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Signalbox.Transport;

namespace Signalbox.Gateways.Watching;

/// <summary>
/// What is done with connections that were accepted while every loop stood still: health is answered, everything else is
/// sent away at once. None of it enters a gate that the data path holds.
/// </summary>
internal sealed class SpareConnections : IStartupFilter
{
    private static readonly byte[] Sentence =
        Encoding.UTF8.GetBytes("Standing still: every loop is held up. The log has the stacks.\n");

    /// <summary>Sends them away where there is no health to ask for.</summary>
    public static void Refuse(IConnectionBuilder connections) => connections.Use(next => connection =>
    {
        if (connection.Features.Get<ISpareConnectionFeature>() is null) return next(connection);

        connection.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Before everything else that is done with a request.</summary>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => context =>
            context.Features.Get<ISpareConnectionFeature>() is null ? following(context) : AnswerAsync(context.Response));
        next(app);
    };

    // One answer for all: it is neither live nor ready, and nothing else can be asked for.
    private static Task AnswerAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = Sentence.Length;
        response.Headers.RetryAfter = "1";
        // The next one may find a loop that goes round again.
        response.Headers.Connection = "close";
        return response.Body.WriteAsync(Sentence).AsTask();
    }
}
