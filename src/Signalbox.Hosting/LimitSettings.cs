using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;
using Signalbox.Engine.Embedded;

namespace Signalbox.Hosting;

/// <summary>Bounds of what the server holds. Reaching one is answered with an error.</summary>
public sealed class LimitSettings
{
    /// <summary>Channels with subscribers, history or a retained value. Default 1 million.</summary>
    public int MaxChannels { get; set; } = EngineLimits.Default.MaxChannels;

    /// <summary>Hash keys. Default 10 million.</summary>
    public int MaxKeys { get; set; } = EngineLimits.Default.MaxKeys;

    /// <summary>Queues. Default 1 million.</summary>
    public int MaxQueues { get; set; } = EngineLimits.Default.MaxQueues;

    /// <summary>Messages that one subscriber is given when it comes back; who missed more is told that it was not
    /// recovered. Default 10 000.</summary>
    public int MaxRecovered { get; set; } = EngineLimits.Default.MaxRecovered;

    /// <summary>Members of one channel. Default 100 000.</summary>
    public int MaxMembers { get; set; } = ChannelLimits.Default.MaxMembers;

    /// <summary>Bytes of one hash value. Default 1 MiB.</summary>
    public int MaxValueBytes { get; set; } = HashLimits.Default.MaxValueBytes;

    /// <summary>Items of one queue. Default 10 million.</summary>
    public int MaxItems { get; set; } = QueueLimits.Default.MaxItems;

    /// <summary>Bytes of one queued item. Default 1 MiB.</summary>
    public int MaxItemBytes { get; set; } = QueueLimits.Default.MaxPayloadBytes;

    /// <summary>How often an item is reserved before it is a dead letter. Default 10.</summary>
    public int MaxAttempts { get; set; } = QueueLimits.Default.MaxAttempts;

    /// <summary>Poppers that wait at one queue. Default 10 000.</summary>
    public int MaxWaiters { get; set; } = QueueLimits.Default.MaxWaiters;

    /// <summary>Connections of one user. Default 10 000.</summary>
    public int MaxUserConnections { get; set; } = UserLimits.Default.MaxConnections;

    /// <summary>How long an id in publish, set, incr or qpush is remembered. Default 5 minutes.</summary>
    public TimeSpan DedupeWindow { get; set; } = QueueLimits.Default.DedupeWindow;

    public EngineLimits ToLimits() => new()
    {
        MaxChannels = MaxChannels,
        MaxKeys = MaxKeys,
        MaxQueues = MaxQueues,
        MaxRecovered = MaxRecovered,
        Channel = new ChannelLimits { MaxMembers = MaxMembers, DedupeWindow = DedupeWindow },
        Hash = new HashLimits { MaxValueBytes = MaxValueBytes, DedupeWindow = DedupeWindow },
        Queue = new QueueLimits
        {
            MaxItems = MaxItems,
            MaxPayloadBytes = MaxItemBytes,
            MaxAttempts = MaxAttempts,
            MaxWaiters = MaxWaiters,
            DedupeWindow = DedupeWindow,
        },
        User = UserLimits.Default with { MaxConnections = MaxUserConnections },
    };

    public IEnumerable<string> Validate()
    {
        var bounds = new (string Name, long Value)[]
        {
            (nameof(MaxChannels), MaxChannels), (nameof(MaxKeys), MaxKeys), (nameof(MaxQueues), MaxQueues),
            (nameof(MaxMembers), MaxMembers), (nameof(MaxRecovered), MaxRecovered), (nameof(MaxValueBytes), MaxValueBytes), (nameof(MaxItems), MaxItems),
            (nameof(MaxItemBytes), MaxItemBytes), (nameof(MaxAttempts), MaxAttempts), (nameof(MaxWaiters), MaxWaiters),
            (nameof(DedupeWindow), DedupeWindow.Ticks), (nameof(MaxUserConnections), MaxUserConnections),
        };
        return bounds.Where(bound => bound.Value < 1).Select(bound => $"Limits:{bound.Name} must be more than nothing.");
    }
}
