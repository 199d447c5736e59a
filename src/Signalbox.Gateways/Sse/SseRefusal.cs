using Microsoft.AspNetCore.Http;
using Signalbox.Core.Users;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Sse;

/// <summary>Why there is no stream: an HTTP status, and the error as every other protocol says it.</summary>
internal sealed record SseRefusal(int Status, ErrorCode Code, string Message)
{
    /// <summary>What is left of a limit, and when to come back; null where it is no such limit.</summary>
    public RateState? Rate { get; init; }

    public static SseRefusal Of(Failure failure) => Of(failure.Code, failure.Message) with { Rate = failure.Rate };

    public static SseRefusal Of(ErrorCode code, string message) => new(ErrorTable.Of(code).HttpStatus, code, message);

    /// <returns>Why these may not be read; null where they may.</returns>
    public static SseRefusal? OfRights(Identity identity, IEnumerable<string> names)
    {
        if (identity.MustSayWho)
        {
            return Of(ErrorCode.Unauthorized, "Say who you are: with the header 'Authorization: Bearer', or 'token' in the address.");
        }

        var forbidden = names.FirstOrDefault(name => !identity.Rights.AllowReading(name));
        return forbidden is null ? null : Of(ErrorCode.Forbidden, $"You have no right to read '{forbidden}'.");
    }

    public async Task WriteAsync(HttpResponse response)
    {
        var buffer = new JsonBuffer();
        Replies.Failure(new ReplyWriter(buffer), default, new Failure(Code, Message, Rate));
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.ContentLength = buffer.Length;
        response.Headers.CacheControl = "no-store";
        if (Rate is { } rate) response.Headers.RetryAfter = $"{Math.Max(1, (long)Math.Ceiling(rate.RetryAfter.TotalSeconds))}";
        if (Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (Status == StatusCodes.Status405MethodNotAllowed) response.Headers.Allow = "GET, HEAD, OPTIONS";
        // A response to HEAD says what the body would be, and has none.
        if (HttpMethods.IsHead(response.HttpContext.Request.Method)) return;

        await response.Body.WriteAsync(buffer.WrittenMemory, response.HttpContext.RequestAborted);
    }
}
