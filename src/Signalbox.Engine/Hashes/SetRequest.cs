using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;

namespace Signalbox.Engine.Hashes;

/// <param name="ExpiresAt">When the key is to be gone; null for never.</param>
/// <param name="Ttl">The same, counted from now; it wins over <paramref name="ExpiresAt"/>.</param>
/// <param name="Id">Idempotency id; null for none.</param>
public sealed record SetRequest(
    Payload Value, DateTimeOffset? ExpiresAt, TimeSpan? Ttl, SetCondition Condition, string? Id);
