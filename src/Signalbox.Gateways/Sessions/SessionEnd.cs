using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Sessions;

/// <summary>Why we end a connection: what the peer is told, and how our metrics and logs call it.</summary>
public record SessionEnd(string Reason, ErrorCode Code, string Message)
{
    public static readonly SessionEnd SlowReader = new(
        "slow_reader", ErrorCode.LimitExceeded, "You read too slowly and too much was waiting: come back and recover.");

    public static readonly SessionEnd Silent = new(
        "silent", ErrorCode.Unavailable, "Nothing was heard of you for too long: ping more often.");

    public static readonly SessionEnd Stopping = new(
        "stopping", ErrorCode.Unavailable, "The server is stopping: come back when 'retryAfter' milliseconds have passed.")
    {
        WebSocketClose = 1012,
    };

    public static readonly SessionEnd TooMany = new(
        "too_many_connections", ErrorCode.RateLimited, "The server has as many connections as allowed.");

    public static readonly SessionEnd TooManyOfAddress = new(
        "too_many_connections", ErrorCode.RateLimited, "Your address has as many connections as allowed.");

    public static readonly SessionEnd Unknown = new(
        "unauthenticated", ErrorCode.Unauthorized, "You did not say in time who you are: begin with 'hello' and a token.");

    public static readonly SessionEnd TokenExpired = new(
        "token_expired", ErrorCode.Unauthorized, "Your token has expired: come back with a new one, or say 'hello' with it before.");

    public static readonly SessionEnd Revoked = new(
        "revoked", ErrorCode.Unauthorized, "Your token was revoked.");

    public static readonly SessionEnd Disconnected = new(
        "disconnected", ErrorCode.Unavailable, "You were disconnected: come back when 'retryAfter' milliseconds have passed.");

    public static readonly SessionEnd FrameTooShort = new(
        "frame_too_short", ErrorCode.Malformed, "A frame's length counts its own four bytes and has a body: it is 5 at least.");

    /// <summary>The close code of a WebSocket where the standard has one for this reason; null for that of the error.</summary>
    public int? WebSocketClose { get; init; }

    internal static SessionEnd Of(Failure failure) => new(ErrorTable.Of(failure.Code).Name, failure.Code, failure.Message);

    public static SessionEnd FrameTooLarge(int maxBytes) => new(
        "frame_too_large", ErrorCode.LimitExceeded, $"A frame has at most {maxBytes} bytes here.");
}
