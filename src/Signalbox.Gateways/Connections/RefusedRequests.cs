using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Signalbox.Gateways.Http;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;
using Signalbox.Transport;

namespace Signalbox.Gateways.Connections;

/// <summary>
/// Requests on connections for which there is no place: 503, but for what operators look at. A server that is full is
/// not ill, and whoever takes it for ill makes it so.
/// </summary>
internal sealed class RefusedRequests : IStartupFilter
{
    private static readonly string[] Answered = ["/health/live", "/health/ready", "/metrics"];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => context => context.Features.Get<IConnectionPlaceFeature>() is { Place: ConnectionPlace.Refusal }
            ? AnswerAsync(context, following)
            : following(context));
        next(app);
    };

    private static Task AnswerAsync(HttpContext context, RequestDelegate following)
    {
        // One request is all that there is time for.
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        if (Answered.Contains(context.Request.Path.Value, StringComparer.Ordinal)) return following(context);

        Problem.Of(ErrorCode.Unavailable, SessionEnd.TooMany.Message).Write(context.Response);
        return Task.CompletedTask;
    }
}
