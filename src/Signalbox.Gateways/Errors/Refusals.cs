using Signalbox.Core.Refusals;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Errors;

/// <summary>What the peer is told for each refusal: which error, and what would be right.</summary>
internal static class Refusals
{
    public static (ErrorCode Code, string Message) Explain(Refusal refusal) => refusal switch
    {
        Refusal.PayloadTooLong => (ErrorCode.LimitExceeded, "The value is longer than allowed here: send a shorter one."),
        Refusal.PayloadBlank => (ErrorCode.Malformed, "This channel takes no blank value: send something visible."),
        Refusal.PayloadNotJson => (ErrorCode.Malformed, "This channel takes JSON only: send an object, array, number, true or false."),
        Refusal.TooManyIds => (ErrorCode.LimitExceeded, "Too many ids are remembered here: send fewer with an id, or wait."),
        Refusal.TooManyMembers => (ErrorCode.LimitExceeded, "The channel has as many members as allowed."),
        Refusal.PresenceOff => (ErrorCode.Conflict, "This channel keeps no presence: its options must turn it on."),
        Refusal.TooManyChannels => (ErrorCode.LimitExceeded, "There are as many channels as allowed."),
        Refusal.TooManyKeys => (ErrorCode.LimitExceeded, "There are as many hash keys as allowed: delete some, or let them expire."),
        Refusal.ConditionFailed => (ErrorCode.Conflict, "The condition in 'if' does not hold; nothing was changed."),
        Refusal.NotANumber => (ErrorCode.Conflict, "The key does not hold a whole number; nothing was changed."),
        Refusal.NumberOverflow => (ErrorCode.Conflict, "The sum does not fit into 64 bits; nothing was changed."),
        Refusal.TooManyQueues => (ErrorCode.LimitExceeded, "There are as many queues as allowed."),
        Refusal.QueueFull => (ErrorCode.LimitExceeded, "The queue has as many items as allowed: pop some first."),
        Refusal.TooManyWaiters => (ErrorCode.LimitExceeded, "As many as allowed wait at this queue already."),
        Refusal.NoSuchItem => (ErrorCode.Conflict, "There is no such item: it was acknowledged, has expired, or was deleted."),
        Refusal.LeaseLost => (ErrorCode.Conflict, "The lease is over: somebody else may hold the item now."),
        Refusal.RateLimited => (ErrorCode.RateLimited, "Too many in too short a time: wait as long as 'retryAfter' says, in milliseconds."),
        Refusal.TooManyConnections => (ErrorCode.RateLimited, "The user has as many connections as allowed."),
        Refusal.StorageUnavailable => (ErrorCode.Unavailable, "The storage cannot take it now; nothing was changed: try again."),
        Refusal.OutOfRange => (ErrorCode.Malformed, "A time, count or number is negative or larger than allowed."),
        Refusal.Revoked => (ErrorCode.Unauthorized, "The token was revoked."),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "Not a refusal that has an explanation."),
    };
}
