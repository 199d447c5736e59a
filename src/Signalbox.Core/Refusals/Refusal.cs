namespace Signalbox.Core.Refusals;

/// <summary>
/// Why a machine said no. Every refusal is an answer to somebody's request and changes nothing;
/// the gateways' error table says for each which code and sentence the peer gets.
/// </summary>
/// <remarks>The numbers are part of the binary form: they are only ever added to.</remarks>
public enum Refusal : byte
{
    None = 0,

    /// <summary>The payload is longer than this channel, key or queue takes.</summary>
    PayloadTooLong = 1,

    /// <summary>The channel takes no empty or white payload.</summary>
    PayloadBlank = 2,

    /// <summary>The channel takes JSON only.</summary>
    PayloadNotJson = 3,

    /// <summary>More idempotency ids are remembered here than the limit allows.</summary>
    TooManyIds = 4,

    /// <summary>More members are present than the limit allows.</summary>
    TooManyMembers = 5,

    /// <summary>The channel keeps no presence.</summary>
    PresenceOff = 6,

    /// <summary>There are as many channels as the limit allows.</summary>
    TooManyChannels = 7,

    /// <summary>There are as many hash keys as the limit allows.</summary>
    TooManyKeys = 8,

    /// <summary>The condition of a set or delete did not hold.</summary>
    ConditionFailed = 9,

    /// <summary>The value is not a whole number, so it cannot be incremented.</summary>
    NotANumber = 10,

    /// <summary>The sum does not fit into 64 bits.</summary>
    NumberOverflow = 11,

    /// <summary>There are as many queues as the limit allows.</summary>
    TooManyQueues = 12,

    /// <summary>The queue has as many items as the limit allows.</summary>
    QueueFull = 13,

    /// <summary>There are as many waiting poppers as the limit allows.</summary>
    TooManyWaiters = 14,

    /// <summary>No such item, or it is done.</summary>
    NoSuchItem = 15,

    /// <summary>The lease is over: somebody else may hold the item now.</summary>
    LeaseLost = 16,

    /// <summary>The rate limit is used up for now.</summary>
    RateLimited = 17,

    /// <summary>The user has as many connections as the limit allows.</summary>
    TooManyConnections = 18,

    /// <summary>The storage cannot take it now; nothing was changed.</summary>
    StorageUnavailable = 19,

    /// <summary>A time, delay, lease or count is outside of what is allowed.</summary>
    OutOfRange = 20,

    /// <summary>The token was revoked.</summary>
    Revoked = 21,
}
