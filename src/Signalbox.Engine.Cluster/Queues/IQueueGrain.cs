using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Queues;

/// <summary>One queue of the cluster, by its name, with both of its parts.</summary>
[Alias("signalbox.queue")]
internal interface IQueueGrain : IListedGrain
{
    ValueTask<PushAnswer> PushAsync(CallTurn turn, PushRequest request);

    ValueTask<PopAnswer> PopAsync(
        CallTurn turn, PopAsk ask, QueuePart part, PopRequest request, CancellationToken cancellationToken);

    /// <summary>The same for whoever does not wait, and so has nothing to cancel: Orleans has its price for that.</summary>
    ValueTask<PopAnswer> TakeAsync(CallTurn turn, PopAsk ask, QueuePart part, PopRequest request);

    ValueTask<Refusal> AcknowledgeAsync(CallTurn turn, Receipt receipt);

    ValueTask<Refusal> ReturnAsync(CallTurn turn, ReturnRequest request);

    ValueTask<Refusal> ExtendAsync(CallTurn turn, Receipt receipt, TimeSpan lease);

    ValueTask<IReadOnlyList<QueueItem>> PeekAsync(
        CallTurn turn, QueuePart part, int limit);

    ValueTask<QueueCounts> CountAsync(CallTurn turn);

    ValueTask<ClearAnswer> ClearAsync(CallTurn turn, QueuePart part);
}
