namespace Signalbox.InProcess;

/// <summary>How a number is incremented.</summary>
public sealed record IncrementOptions
{
    internal static readonly IncrementOptions Default = new();

    /// <summary>How long the key lives. Default: as it was, and for ever where it is new.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>An idempotency id, as in <see cref="SetOptions.Id"/>. Default none.</summary>
    public string? Id { get; init; }
}
