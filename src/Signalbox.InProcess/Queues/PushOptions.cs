namespace Signalbox.InProcess;

/// <summary>How an item is queued.</summary>
public sealed record PushOptions
{
    internal static readonly PushOptions Default = new();

    /// <summary>Higher comes out first; equal ones in the order of arrival. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>How long the item is hidden first. Default not at all.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How long the item is worth doing; then it goes by itself. Default for ever.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>An idempotency id: repeats of it within its window get the first answer. Default none.</summary>
    public string? Id { get; init; }

    /// <summary>What the popper is told beside the value. Default none.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Headers { get; init; } = [];
}
