using Signalbox.Core.Payloads;

namespace Signalbox.Core.Hashes;

/// <summary>Everything that can happen to a hash key.</summary>
public abstract record HashFact;

/// <summary>The key has this value now.</summary>
/// <param name="Version">Grows with every change of this key, also across deletion.</param>
/// <param name="ExpiresAt">When the key is gone; null for never.</param>
/// <param name="Id">An idempotency id: a repeat before <paramref name="RememberUntil"/> does nothing; null for none.
/// The answer to the repeat follows from the value and the version.</param>
public sealed record KeySet(
    Payload Value,
    long Version,
    DateTimeOffset? ExpiresAt,
    string? Id,
    DateTimeOffset RememberUntil) : HashFact;

/// <summary>The key has no value now.</summary>
public sealed record KeyRemoved(long Version, KeyRemovalReason Reason) : HashFact;

/// <summary>The idempotency ids whose window was over at this moment are forgotten.</summary>
public sealed record KeyIdsForgotten(DateTimeOffset Now) : HashFact;
