using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Core.Storage;
using Signalbox.Engine.Channels;

namespace Signalbox.Hosting;

/// <summary>Options of the channels that match a filter; what is not set is as by default.</summary>
public sealed class ChannelSettings
{
    /// <summary>Which channels: a name, or levels with <c>+</c> and <c>#</c>.</summary>
    public string Filter { get; set; } = "";

    /// <summary>Messages that the history keeps; 0 for none. Default 100.</summary>
    public int? HistorySize { get; set; }

    /// <summary>How old a message in the history gets. Default 1 minute.</summary>
    public TimeSpan? HistoryAge { get; set; }

    /// <summary>
    /// How much of the history and the retained value outlives a crash: Always, Interval or None. Default as
    /// Data:Durability where the history is set here, for a retained value always so; else None: the short history that
    /// every channel has is kept in memory only.
    /// </summary>
    public Durability? Durability { get; set; }

    /// <summary>Keep the last message as the channel's value, for every new subscriber. Default false.</summary>
    public bool Retain { get; set; }

    /// <summary>Know who is present. Default true.</summary>
    public bool Presence { get; set; } = ChannelOptions.Default.Presence;

    /// <summary>Tell subscribers of members that join and leave. Default false.</summary>
    public bool JoinLeave { get; set; }

    /// <summary>The longest message. Default 1 MiB.</summary>
    public int MaxPayloadBytes { get; set; } = ChannelOptions.Default.MaxPayloadBytes;

    /// <summary>Refuse messages that are empty or white space. Default false.</summary>
    public bool RefuseBlank { get; set; }

    /// <summary>Refuse messages that are not JSON. Default false.</summary>
    public bool RequireJson { get; set; }

    /// <summary>Messages that one user may publish within <see cref="RateWindow"/>; 0 for any number. Default 0.</summary>
    public int RateLimit { get; set; }

    /// <summary>The window of the rate limit; it slides. Default 1 minute.</summary>
    public TimeSpan RateWindow { get; set; } = ChannelOptions.Default.RateWindow;

    /// <summary>What happens to subscribers that read too slowly: Disconnect, DropOldest or Latest. Default Disconnect.</summary>
    public SlowReaderPolicy SlowReader { get; set; }

    /// <param name="usual">What is durable unless this says otherwise.</param>
    public ChannelRule ToRule(Durability usual) => new(Filter, new ChannelOptions
    {
        HistorySize = HistorySize ?? ChannelOptions.Default.HistorySize,
        HistoryAge = HistoryAge ?? ChannelOptions.Default.HistoryAge,
        Durability = Durability ?? (HistorySize > 0 || HistoryAge is not null ? usual : Core.Storage.Durability.None),
        RetainedDurability = Durability ?? usual,
        Retain = Retain,
        Presence = Presence,
        JoinLeave = JoinLeave,
        MaxPayloadBytes = MaxPayloadBytes,
        RefuseBlank = RefuseBlank,
        RequireJson = RequireJson,
        RateLimit = RateLimit,
        RateWindow = RateWindow,
        SlowReader = SlowReader,
    });

    public string? Validate()
    {
        if (!ChannelFilter.IsValid(Filter)) return $"Filter '{Filter}' is none; use a name such as chat/room, or sensors/+/temp, or news/#.";
        if (HistorySize < 0) return "HistorySize is negative; use 0 for no history.";
        if (HistoryAge <= TimeSpan.Zero) return "HistoryAge must be longer than nothing; use for example 00:05:00.";
        if (MaxPayloadBytes < 0) return "MaxPayloadBytes is negative.";
        if (RateLimit is < 0 or > 100_000) return "RateLimit is out of range; use 1 to 100000, or 0 for none.";
        if (RateWindow <= TimeSpan.Zero) return "RateWindow must be longer than nothing; use for example 00:01:00.";
        return null;
    }
}
