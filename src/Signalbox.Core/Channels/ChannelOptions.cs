using Signalbox.Core.Storage;

namespace Signalbox.Core.Channels;

/// <summary>
/// What one channel does beside passing messages on. Found by the channel's name, first filter that matches.
/// </summary>
public sealed record ChannelOptions
{
    public static readonly ChannelOptions Default = new();

    /// <summary>How many messages the history keeps; 0 for none.</summary>
    public int HistorySize { get; init; } = 100;

    /// <summary>How old a message in the history gets.</summary>
    public TimeSpan HistoryAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the last message is kept as the channel's value and given to every new subscriber.</summary>
    public bool Retain { get; init; }

    /// <summary>
    /// What of the channel outlives the process: its history, the ids it remembers, and its numbering.
    /// </summary>
    public Durability Durability { get; init; } = Durability.None;

    /// <summary>
    /// How durable the channel's value is where <see cref="Durability"/> is none: a change of it is seldom, and worth
    /// a write where each message is not.
    /// </summary>
    public Durability RetainedDurability { get; init; } = Durability.Always;

    /// <summary>Whether the channel knows its members.</summary>
    public bool Presence { get; init; } = true;

    /// <summary>Whether subscribers are told of members that join and leave.</summary>
    public bool JoinLeave { get; init; }

    public int MaxPayloadBytes { get; init; } = 1024 * 1024;

    /// <summary>Refuse payloads that are empty or white space.</summary>
    public bool RefuseBlank { get; init; }

    /// <summary>Refuse payloads that are not JSON.</summary>
    public bool RequireJson { get; init; }

    /// <summary>How many publishes one user may do in <see cref="RateWindow"/>; 0 for any number.</summary>
    public int RateLimit { get; init; }

    public TimeSpan RateWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Who may publish, if their rights allow it too.</summary>
    public Who Publish { get; init; }

    /// <summary>Who may get the messages, be it as they come or from the history, and see who is there.</summary>
    public Who Subscribe { get; init; }

    /// <summary>What happens to a subscriber that reads slower than this channel's messages come.</summary>
    public SlowReaderPolicy SlowReader { get; init; }
}
