using Signalbox.Core.Queues;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Queues;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster;

/// <summary>The hash keys and queues of a cluster, as every silo and every client of it finds them.</summary>
public sealed class ClusterEngine(IGrainFactory grains, ClusterSettings settings)
{
    public IHashKey Hash(string key) => grains.GetGrain<IHashKeyGrain>(key);

    /// <summary>The live part of the queue or, for its dead letters, the other one.</summary>
    public IQueue Queue(string name, QueuePart part) =>
        new ClusterQueue(grains.GetGrain<IQueueGrain>(name), part, settings.Clock);
}
