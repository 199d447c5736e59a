using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Storage;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;

namespace Signalbox.Simulation;

/// <summary>Everything is small here, so that segments end, checkpoints begin and windows close all the time.</summary>
internal static class Settings
{
    public const int MaxAttempts = 3;
    public const int HistorySize = 8;

    public static readonly TimeSpan HistoryAge = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    public static readonly LogOptions Log = new() { SegmentBytes = 16 * 1024, CheckpointBytes = 24 * 1024 };

    public static readonly ChannelOptions Channel = new()
    {
        HistorySize = HistorySize,
        HistoryAge = HistoryAge,
        Durability = Durability.Always,
    };

    public static readonly EngineLimits Limits = new()
    {
        Hash = new HashLimits { DedupeWindow = Window },
        Queue = new QueueLimits { DedupeWindow = Window, MaxAttempts = MaxAttempts },
        Channel = new ChannelLimits { DedupeWindow = Window },
    };
}
