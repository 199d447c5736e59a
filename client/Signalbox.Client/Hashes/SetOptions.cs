namespace Signalbox.Client;

/// <summary>How a hash key is set. At most one of the conditions counts.</summary>
public sealed record SetOptions
{
    internal static readonly SetOptions Default = new();

    /// <summary>How long the key lives. Default for ever.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Until when the key lives, to the second. Default for ever.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Only where there is no such key: the way to take a lock.</summary>
    public bool IfAbsent { get; init; }

    /// <summary>Only where there is such a key.</summary>
    public bool IfPresent { get; init; }

    /// <summary>Only where the key is unchanged since it was read with this version.</summary>
    public long? IfVersion { get; init; }

    /// <summary>An idempotency id. The server sets once for all repeats of it within its window (5 minutes by default),
    /// so with an id the client repeats a set whose connection broke. Default none.</summary>
    public string? Id { get; init; }
}
