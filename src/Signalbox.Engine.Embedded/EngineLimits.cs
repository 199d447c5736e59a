using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;

namespace Signalbox.Engine.Embedded;

/// <summary>The bounds of an engine: how many machines of each kind, and the bounds of each of them.</summary>
public sealed record EngineLimits
{
    public static readonly EngineLimits Default = new();

    /// <summary>Channels that have subscribers, history or anything else worth keeping.</summary>
    public int MaxChannels { get; init; } = 1_000_000;

    public int MaxKeys { get; init; } = 10_000_000;

    public int MaxQueues { get; init; } = 1_000_000;

    /// <summary>Messages that one subscriber is given when it comes back; more is answered as not recovered.</summary>
    public int MaxRecovered { get; init; } = 10_000;

    public ChannelLimits Channel { get; init; } = ChannelLimits.Default;

    public HashLimits Hash { get; init; } = HashLimits.Default;

    public QueueLimits Queue { get; init; } = QueueLimits.Default;

    public UserLimits User { get; init; } = UserLimits.Default;
}
