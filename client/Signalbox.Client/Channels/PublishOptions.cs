namespace Signalbox.Client;

/// <summary>How a message is published.</summary>
public sealed record PublishOptions
{
    internal static readonly PublishOptions Default = new();

    /// <summary>An idempotency id. The server publishes once for all repeats of it within its window (5 minutes by
    /// default), so with an id the client repeats a publish whose connection broke. Default none.</summary>
    public string? Id { get; init; }

    /// <summary>What subscribers are told beside the value. Default none.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Keep the message as the channel's value for new subscribers. Default false.</summary>
    public bool Retain { get; init; }
}
