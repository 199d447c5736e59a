using Signalbox.Core.Queues;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Queues;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster;

/// <summary>The hash keys and queues of a cluster, as every silo and every client of it finds them.</summary>
public sealed class ClusterEngine
{
    internal ClusterEngine(ClusterKeys keys, ClusterQueues queues)
    {
        Keys = keys;
        Queues = queues;
    }

    internal ClusterKeys Keys { get; }

    internal ClusterQueues Queues { get; }

    public IHashKey Hash(string key) => Keys.Find(key);

    /// <summary>The live part of the queue or, for its dead letters, the other one.</summary>
    public IQueue Queue(string name, QueuePart part) => Queues.Find(name, part);

    public ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken) =>
        Keys.ListAsync(request, cancellationToken);

    public ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken) =>
        Queues.ListAsync(request, cancellationToken);

    public ValueTask<long> CountKeysAsync(CancellationToken cancellationToken) => Keys.CountAsync(cancellationToken);

    /// <returns>How many keys there were.</returns>
    public ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken) =>
        Keys.DeleteAllAsync("", cancellationToken);

    /// <returns>How many items there were, dead letters included.</returns>
    public ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken) =>
        Queues.ClearAllAsync("", cancellationToken);
}
