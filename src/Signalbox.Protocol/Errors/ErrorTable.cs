using System.Collections.Frozen;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Framing;

namespace Signalbox.Protocol.Errors;

/// <summary>Every error there is, on every protocol: the one place that knows.</summary>
/// <remarks>
/// A WebSocket close code is the standard's where one says the same, else 4000 and our number.
/// </remarks>
public static class ErrorTable
{
    private static readonly FrozenDictionary<ErrorCode, ErrorEntry> ByCode = new ErrorEntry[]
    {
        new(ErrorCode.NoCommand, "no_command", 400, 0x83, 4710, Retry: false, Close: false,
            "The object has no command: add the field \"command\" with the name of one, as a string."),
        new(ErrorCode.UnknownCommand, "unknown_command", 404, 0x83, 4720, Retry: false, Close: false,
            "There is no command of this name: check the spelling, names are in lower case."),
        new(ErrorCode.NoData, "no_data", 400, 0x83, 4730, Retry: false, Close: false,
            "The object is empty: send at least \"command\" and \"seq\"."),
        new(ErrorCode.LimitExceeded, "limit_exceeded", 413, 0x97, 1009, Retry: false, Close: false,
            "A limit is reached, and the message says which: send less, or raise the limit in the server's settings."),
        new(ErrorCode.NoSeq, "no_seq", 400, 0x83, 4750, Retry: false, Close: false,
            "The command has no \"seq\": add a string or a number that the reply can repeat."),
        new(ErrorCode.Malformed, "malformed", 400, 0x99, 1007, Retry: false, Close: false,
            "A field is missing or of a wrong type, or the body is not a JSON object: the message says which."),
        new(ErrorCode.BadKey, "bad_key", 400, 0x90, 4770, Retry: false, Close: false,
            "The key is not a name: use a string of 1 to 255 bytes without control characters, or an integer."),
        new(ErrorCode.Unauthorized, "unauthorized", 401, 0x87, 4401, Retry: false, Close: true,
            "The server does not know who you are: connect again with a valid token or key."),
        new(ErrorCode.Forbidden, "forbidden", 403, 0x87, 1008, Retry: false, Close: false,
            "Your token does not grant this: ask for one with the right on this name."),
        new(ErrorCode.Conflict, "conflict", 409, 0x83, 4409, Retry: false, Close: false,
            "The condition did not hold and nothing was changed: read the present state and decide again."),
        new(ErrorCode.HistoryGone, "history_gone", 410, 0x83, 4410, Retry: false, Close: false,
            "What you ask for is no longer kept: read the whole state anew and go on from there."),
        new(ErrorCode.RateLimited, "rate_limited", 429, 0x97, 4429, Retry: true, Close: false,
            "You send too fast: wait for the milliseconds in \"retryAfter\", then send it again."),
        new(ErrorCode.InternalError, "internal_error", 500, 0x80, 1011, Retry: true, Close: true,
            "The server has a fault, and whether the command was done is unknown: repeat it with the same \"id\"."),
        new(ErrorCode.Unavailable, "unavailable", 503, 0x89, 1013, Retry: true, Close: false,
            "The server cannot do it now and nothing was changed: try again, with growing pauses."),
    }.ToFrozenDictionary(entry => entry.Code);

    public static IReadOnlyList<ErrorEntry> All => ByCode.Values;

    public static ErrorEntry Of(ErrorCode code) => ByCode[code];

    /// <summary>The error for a body that is no command.</summary>
    public static ErrorCode CodeOf(CommandReadStatus status) => status switch
    {
        CommandReadStatus.NotAnObject => ErrorCode.Malformed,
        CommandReadStatus.Empty => ErrorCode.NoData,
        CommandReadStatus.NoCommand => ErrorCode.NoCommand,
        CommandReadStatus.UnknownCommand => ErrorCode.UnknownCommand,
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>The error for a length that no frame can have.</summary>
    public static ErrorCode CodeOf(FrameStatus status) => status switch
    {
        FrameStatus.TooShort => ErrorCode.Malformed,
        FrameStatus.TooLarge => ErrorCode.LimitExceeded,
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
