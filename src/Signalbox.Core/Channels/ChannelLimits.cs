namespace Signalbox.Core.Channels;

/// <summary>The bounds of one channel that are the same for all.</summary>
public sealed record ChannelLimits
{
    public static readonly ChannelLimits Default = new();

    public int MaxMembers { get; init; } = 100_000;

    /// <summary>Idempotency ids remembered at one time, by one channel.</summary>
    public int MaxIds { get; init; } = 10_000;

    /// <summary>How long an idempotency id is remembered.</summary>
    public TimeSpan DedupeWindow { get; init; } = TimeSpan.FromMinutes(5);
}
