using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;

namespace Signalbox.Conformance;

/// <summary>The options and limits that every subject is given, so that facts can reach each of them.</summary>
public static class Settings
{
    public const int MaxAttempts = 3;

    public const int MaxItems = 50;

    public const int MaxKeys = 50;

    public const int MaxValueBytes = 1000;

    /// <summary>For how long an id is remembered, by channels, keys and queues alike.</summary>
    public static readonly TimeSpan DedupeWindow = TimeSpan.FromMinutes(5);

    /// <summary>How old a message gets in the history of a channel that no filter names.</summary>
    public static readonly TimeSpan HistoryAge = TimeSpan.FromMinutes(1);

    public static readonly ChannelRules Rules = RulesUnder("");

    /// <param name="prefix">What stands before the names that filters match.</param>
    public static ChannelRules RulesUnder(string prefix) => new(
        [
            new($"{prefix}short/#", new ChannelOptions { HistorySize = 3 }),
            new($"{prefix}kept/#", new ChannelOptions { Retain = true }),
            new($"{prefix}told/#", new ChannelOptions { JoinLeave = true }),
            new($"{prefix}quiet/#", new ChannelOptions { Presence = false }),
            new($"{prefix}live/#", new ChannelOptions { HistorySize = 0 }),
            new($"{prefix}json/#", new ChannelOptions { RequireJson = true }),
            new($"{prefix}visible/#", new ChannelOptions { RefuseBlank = true }),
        ],
        new ChannelOptions { HistoryAge = HistoryAge, MaxPayloadBytes = MaxValueBytes });
}
