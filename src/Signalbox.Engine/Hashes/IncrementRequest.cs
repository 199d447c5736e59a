namespace Signalbox.Engine.Hashes;

/// <param name="Ttl">When the key is to be gone, from now; null leaves its expiry as it is.</param>
/// <param name="Id">Idempotency id; null for none.</param>
public sealed record IncrementRequest(long By, TimeSpan? Ttl, string? Id);
