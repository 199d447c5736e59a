using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Forms;

namespace Signalbox.Engine.Cluster.Machines;

/// <summary>What the grains of a silo go by: their clock, and the bounds of their machines.</summary>
public sealed record ClusterSettings
{
    public static readonly ClusterSettings Default = new();

    /// <summary>The time of machines. Orleans keeps its own.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public HashLimits Hash { get; init; } = HashLimits.Default;

    public QueueLimits Queue { get; init; } = QueueLimits.Default;

    public ChannelLimits Channel { get; init; } = ChannelLimits.Default;

    public UserLimits User { get; init; } = UserLimits.Default;

    public ChannelRules Rules { get; init; } = ChannelRules.Default;

    /// <summary>Messages that one subscriber is given when it comes back; more is answered as not recovered.</summary>
    public int MaxRecovered { get; init; } = 10_000;

    /// <summary>How often a node says that it is there.</summary>
    public TimeSpan NodeRenewal { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After this silence a node is gone, with all that came through it. A silo that dies is known sooner.</summary>
    public TimeSpan NodeLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Deliveries that wait, at one grain, for a node that does not take them; of more the oldest are dropped,
    /// and the node reads them in the channel's history.</summary>
    public int MaxBacklog { get; init; } = 10_000;

    /// <summary>Keys of the whole cluster; each index of names takes its share of them.</summary>
    public int MaxKeys { get; init; } = 10_000_000;

    /// <summary>Queues of the whole cluster, in the same way.</summary>
    public int MaxQueues { get; init; } = 1_000_000;

    /// <summary>
    /// Into how many indexes the names of keys are divided, and those of queues. Part of what is stored: once
    /// there is data it must stay, and a silo with another number does not start.
    /// </summary>
    public int IndexParts { get; init; } = 32;

    /// <summary>
    /// A key that nobody asked for this long leaves memory. More than a minute: Orleans looks that often.
    /// </summary>
    public TimeSpan KeyCollectionAge { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan QueueCollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a call is tried again whose silo was lost: the cluster needs some seconds to notice.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Which form this process speaks. Only tests have another than this release's.</summary>
    internal int Form { get; init; } = ClusterForm.Number;
}
