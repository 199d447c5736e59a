using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Queues;

/// <summary>One queue of the cluster, by its name, with both of its parts.</summary>
[Alias("signalbox.queue")]
internal interface IQueueGrain : IListedGrain
{
    ValueTask<PushAnswer> PushAsync(PushRequest request, CancellationToken cancellationToken);

    ValueTask<PopAnswer> PopAsync(QueuePart part, PopRequest request, CancellationToken cancellationToken);

    ValueTask<Refusal> AcknowledgeAsync(Receipt receipt, CancellationToken cancellationToken);

    ValueTask<Refusal> ReturnAsync(ReturnRequest request, CancellationToken cancellationToken);

    ValueTask<Refusal> ExtendAsync(Receipt receipt, TimeSpan lease, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<QueueItem>> PeekAsync(QueuePart part, int limit, CancellationToken cancellationToken);

    ValueTask<QueueCounts> CountAsync(CancellationToken cancellationToken);

    ValueTask<ClearAnswer> ClearAsync(QueuePart part, CancellationToken cancellationToken);
}
