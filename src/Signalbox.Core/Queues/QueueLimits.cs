namespace Signalbox.Core.Queues;

/// <summary>The bounds of one queue.</summary>
public sealed record QueueLimits
{
    public static readonly QueueLimits Default = new();

    /// <summary>Items in the queue, dead letters included.</summary>
    public int MaxItems { get; init; } = 10_000_000;

    public int MaxPayloadBytes { get; init; } = 1024 * 1024;

    /// <summary>How often an item is taken under a lease before it is buried.</summary>
    public int MaxAttempts { get; init; } = 10;

    /// <summary>Poppers that wait at this queue at one time.</summary>
    public int MaxWaiters { get; init; } = 10_000;

    /// <summary>Dedupe ids remembered at one time.</summary>
    public int MaxIds { get; init; } = 1_000_000;

    /// <summary>How long a dedupe id is remembered.</summary>
    public TimeSpan DedupeWindow { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan MaxLease { get; init; } = TimeSpan.FromHours(12);

    /// <summary>The longest delay, and the longest time to live.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromDays(365);

    /// <summary>A lease of no time at all would be lost before its holder heard of it.</summary>
    public bool AllowsLease(TimeSpan lease) => lease > TimeSpan.Zero && lease <= MaxLease;

    public bool AllowsDelay(TimeSpan delay) => delay >= TimeSpan.Zero && delay <= MaxDelay;
}
