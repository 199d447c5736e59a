using System.Buffers;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Signalbox.Gateways.Outbound;

namespace Signalbox.Gateways.Http;

/// <summary>Writes responses.</summary>
internal static class Answers
{
    public const string Json = "application/json";

    /// <summary>Writes a whole response, which the server sends at the end of the request.</summary>
    public static void Write(HttpResponse response, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body.Span);
    }

    /// <summary>Answers with the reply to the one command that was done, or the problem that it tells of.</summary>
    public static async ValueTask WriteReplyAsync(RequestSession session)
    {
        if (session.ReplyCount == 0) session.AnswerEnded();
        var reply = session.Replies[1..];
        if (ReplyView.IsError(reply.Span))
        {
            Problem.OfReply(new ReplyView(reply.Span)).Write(session.Context.Response);
            return;
        }

        Write(session.Context.Response, StatusCodes.Status200OK, Json, reply);
        if (session.TakeHandOvers() is { } handOvers) await FlushAsync(session.Context, handOvers);
    }

    /// <summary>Sends what was written so far; then what goes with it is the client's, or goes back.</summary>
    /// <returns>False where the client is gone.</returns>
    public static async ValueTask<bool> FlushAsync(HttpContext context, IHandOver? handOver)
    {
        var isAlive = false;
        try
        {
            var flush = await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
            isAlive = !flush.IsCompleted && !IsGone(context);
        }
        finally
        {
            if (isAlive) handOver?.Written();
            else handOver?.Lost();
        }

        return isAlive;
    }

    // A flush to a connection that was given up meanwhile is said to have succeeded. The request's own token may be
    // late, because it is cancelled by the pool; the connection's is the one that sets all of it off.
    private static bool IsGone(HttpContext context) =>
        context.RequestAborted.IsCancellationRequested
        || context.Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed.IsCancellationRequested == true;
}
