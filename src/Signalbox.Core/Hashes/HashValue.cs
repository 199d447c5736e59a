using Signalbox.Core.Payloads;

namespace Signalbox.Core.Hashes;

/// <summary>What a hash key holds.</summary>
public sealed record HashValue(Payload Value, long Version, DateTimeOffset? ExpiresAt);
