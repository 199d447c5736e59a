namespace Signalbox.InProcess;

/// <summary>How a message is published.</summary>
public sealed record PublishOptions
{
    internal static readonly PublishOptions Default = new();

    /// <summary>An idempotency id: repeats of it within its window (5 minutes by default) get the first answer, and are
    /// not published again. Default none.</summary>
    public string? Id { get; init; }

    /// <summary>What subscribers are told beside the value. Default none.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Keep the message as the channel's value for new subscribers. Default false.</summary>
    public bool Retain { get; init; }
}
