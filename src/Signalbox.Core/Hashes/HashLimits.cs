namespace Signalbox.Core.Hashes;

/// <summary>The bounds of one hash key.</summary>
public sealed record HashLimits
{
    public static readonly HashLimits Default = new();

    public int MaxValueBytes { get; init; } = 1024 * 1024;

    /// <summary>Idempotency ids remembered at one time, by one key.</summary>
    public int MaxIds { get; init; } = 10_000;

    /// <summary>How long an idempotency id is remembered.</summary>
    public TimeSpan DedupeWindow { get; init; } = TimeSpan.FromMinutes(5);
}
