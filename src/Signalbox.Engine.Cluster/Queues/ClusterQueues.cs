using Signalbox.Core.Queues;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Queues;

/// <summary>The queues of the whole cluster.</summary>
internal sealed class ClusterQueues(
    NamedGrains<IQueueGrain> grains, NameIndexes names, GrainCalls calls, ClusterSettings settings)
{
    public IQueue Find(string name, QueuePart part) =>
        new ClusterQueue(grains.Find(name), part, calls, settings.Clock);

    public async ValueTask<Page<QueueEntry>> ListAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var page = await NamesAsync(request, cancellationToken);
        var entries = await Task.WhenAll(page.Entries.Select(async name =>
            new QueueEntry(name, await Find(name, QueuePart.Live).CountAsync(cancellationToken))));
        // A queue that was just emptied stays in the index for a while, but is not worth telling.
        return new([.. entries.Where(entry => entry.Counts is { Live: > 0 } or { Dead: > 0 })], page.Next);
    }

    /// <summary>The queues as the indexes name them, also those that were just emptied.</summary>
    public ValueTask<Page<string>> NamesAsync(ListRequest request, CancellationToken cancellationToken) =>
        names.ListAsync(NameKind.Queues, request, cancellationToken);

    /// <summary>Clears both parts of the queues whose names begin so.</summary>
    public ValueTask<ClearAnswer> ClearAllAsync(string prefix, CancellationToken cancellationToken) =>
        names.ClearAsync(NameKind.Queues, prefix, ClearAsync, cancellationToken);

    private async ValueTask<long> ClearAsync(string name, CancellationToken cancellationToken)
    {
        var live = await Find(name, QueuePart.Live).ClearAsync(cancellationToken);
        var dead = await Find(name, QueuePart.Dead).ClearAsync(cancellationToken);
        return live.Count + dead.Count;
    }
}
