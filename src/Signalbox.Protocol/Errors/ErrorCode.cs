namespace Signalbox.Protocol.Errors;

/// <summary>What went wrong, as the wire says it. Numbers are only ever added.</summary>
public enum ErrorCode
{
    Unauthorized = 401,
    Forbidden = 403,
    Conflict = 409,
    HistoryGone = 410,
    RateLimited = 429,
    InternalError = 500,
    Unavailable = 503,
    NoCommand = 710,
    UnknownCommand = 720,
    NoData = 730,
    LimitExceeded = 740,
    NoSeq = 750,
    Malformed = 760,
    BadKey = 770,
}
