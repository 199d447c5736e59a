namespace Signalbox.InProcess;

/// <summary>How a queue is worked off.</summary>
public sealed record ProcessOptions
{
    internal static readonly ProcessOptions Default = new();

    /// <summary>Items in hand at one time. Default 1.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>The lease of an item, which is extended for as long as its handler runs. Default 30 seconds: shorter
    /// gives the items of a process that died to others sooner.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an item whose handler failed is hidden before the next attempt; it doubles with each attempt.
    /// Default 1 second.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What that grows to. Default 5 minutes.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(5);
}
