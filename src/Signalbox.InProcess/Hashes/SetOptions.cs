using Signalbox.Core.Hashes;

namespace Signalbox.InProcess;

/// <summary>How a hash key is set.</summary>
public sealed record SetOptions
{
    internal static readonly SetOptions Default = new();

    /// <summary>How long the key lives. Default for ever.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Until when the key lives. Default for ever.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What must hold: <see cref="SetCondition.Absent"/> is the way to take a lock. Default nothing.</summary>
    public SetCondition If { get; init; } = SetCondition.Always;

    /// <summary>An idempotency id: repeats of it within its window get the first answer. Default none.</summary>
    public string? Id { get; init; }
}
