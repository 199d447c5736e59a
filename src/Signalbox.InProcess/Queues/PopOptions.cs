namespace Signalbox.InProcess;

/// <summary>How an item is taken.</summary>
public sealed record PopOptions
{
    internal static readonly PopOptions Default = new();

    /// <summary>How long to wait for an item; null for ever. Default zero: not at all.</summary>
    public TimeSpan? Wait { get; init; } = TimeSpan.Zero;

    /// <summary>Reserve the item for this long: it comes back unless it is acknowledged in time. Default none: it is
    /// gone from the queue when the pop returns.</summary>
    public TimeSpan? Lease { get; init; }
}
