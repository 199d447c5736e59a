using Microsoft.AspNetCore.Http;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Json;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>Addresses of channels, keys and queues: of a request a command is made, of its reply a response.</summary>
internal static class ResourceAnswer
{
    public static async ValueTask AnswerAsync(
        RequestSession session, HttpRoute route, string name, ReadOnlyMemory<byte> body)
    {
        var context = session.Context;
        var command = new JsonBuffer();
        if (RequestCommand.Write(context.Request, route, name, body, command) is { } problem)
        {
            problem.Write(context.Response);
            return;
        }

        await session.DoAsync(command.WrittenMemory);
        await session.SettleAsync();
        if (!TryAnswer(session, route)) await Answers.WriteReplyAsync(session);
    }

    /// <returns>False where the answer is the reply as it is.</returns>
    private static bool TryAnswer(RequestSession session, HttpRoute route)
    {
        if (route.Kind == RouteKind.Reply || session.ReplyCount == 0) return false;

        var reply = new ReplyView(session.Replies.Span[1..]);
        var response = session.Context.Response;
        switch (route.Kind)
        {
            case RouteKind.Value when reply.Code == 0:
                AnswerValue(session.Context, reply);
                return true;

            case RouteKind.Change when reply.Version is { } version:
                response.Headers.ETag = Preconditions.TagOf(version);
                return false;

            case RouteKind.Change when reply.Code == (int)ErrorCode.Conflict:
                // What the command calls a conflict is, of a condition in a header, a status of its own.
                (Problem.OfReply(reply) with { Status = StatusCodes.Status412PreconditionFailed }).Write(response);
                return true;

            case RouteKind.Item when reply.Code == 0 && !reply.HasItem:
                response.StatusCode = StatusCodes.Status204NoContent;
                return true;

            default:
                return false;
        }
    }

    private static void AnswerValue(HttpContext context, ReplyView reply)
    {
        var response = context.Response;
        if (reply.Version is not { } version)
        {
            Problem.OfHttp(StatusCodes.Status404NotFound, "There is no such key, or no more.").Write(response);
            return;
        }

        response.Headers.ETag = Preconditions.TagOf(version);
        // It may change at any time; but who has it may ask with its tag, and is told in few bytes that it still holds.
        response.Headers.CacheControl = "no-cache";
        if (Preconditions.IsKnown(context.Request, version))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var value = reply.CopyValue(out var format);
        Answers.Write(response, StatusCodes.Status200OK, format switch
        {
            ValueFormat.Json => Answers.Json,
            ValueFormat.Text => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }, value);
    }
}
