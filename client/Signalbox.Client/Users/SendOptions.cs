namespace Signalbox.Client;

/// <summary>How something is sent to a user.</summary>
public sealed record SendOptions
{
    internal static readonly SendOptions Default = new();

    /// <summary>What the user is told beside the value. Default none.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Headers { get; init; } = [];
}
