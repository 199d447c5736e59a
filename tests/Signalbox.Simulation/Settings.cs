using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Storage;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;

namespace Signalbox.Simulation;

/// <summary>Everything is small here, so that segments end, checkpoints begin and windows close all the time.</summary>
internal static class Settings
{
    public const int MaxAttempts = 3;
    public const int HistorySize = 8;

    /// <summary>How many facts a checkpoint tells at a time.</summary>
    public const int Portion = 8;


    public static readonly TimeSpan HistoryAge = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    /// <summary>The channel that may lose what was published last. All the others may not.</summary>
    public const string HastyChannel = "channel-3";

    // A quarter of a segment may wait to be written, far more than gathers here: there is room while there is space.
    public static readonly LogOptions Log = new() { SegmentBytes = 48 * 1024, CheckpointBytes = 6 * 1024 };

    public static readonly ChannelRules Rules = new(
        [new ChannelRule(HastyChannel, OptionsOf(Durability.Interval))], OptionsOf(Durability.Always));

    public static readonly EngineLimits Limits = new()
    {
        Hash = new HashLimits { DedupeWindow = Window },
        Queue = new QueueLimits { DedupeWindow = Window, MaxAttempts = MaxAttempts },
        Channel = new ChannelLimits { DedupeWindow = Window },
    };

    private static ChannelOptions OptionsOf(Durability durability) =>
        new() { HistorySize = HistorySize, HistoryAge = HistoryAge, Durability = durability };
}
