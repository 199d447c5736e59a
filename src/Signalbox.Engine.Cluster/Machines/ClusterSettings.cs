using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;

namespace Signalbox.Engine.Cluster.Machines;

/// <summary>What the grains of a silo go by: their clock, and the bounds of their machines.</summary>
public sealed record ClusterSettings
{
    public static readonly ClusterSettings Default = new();

    /// <summary>The time of machines. Orleans keeps its own.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public HashLimits Hash { get; init; } = HashLimits.Default;

    public QueueLimits Queue { get; init; } = QueueLimits.Default;
}
