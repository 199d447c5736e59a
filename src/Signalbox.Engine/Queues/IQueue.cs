using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Queues;

/// <summary>One part of one queue, wherever it is.</summary>
public interface IQueue
{
    ValueTask<PushAnswer> PushAsync(PushRequest request, CancellationToken cancellationToken);

    /// <summary>Takes the best item, or waits for one.</summary>
    /// <remarks>
    /// Whoever gets an item holds it: it must acknowledge it, also where the request had no lease (a hand-over, which
    /// the caller acknowledges once the reply was written). A cancelled wait takes nothing.
    /// </remarks>
    ValueTask<PopAnswer> PopAsync(PopRequest request, CancellationToken cancellationToken);

    ValueTask<Refusal> AcknowledgeAsync(Receipt receipt, CancellationToken cancellationToken);

    /// <summary>Gives the item back: to its place, at once or after a delay.</summary>
    ValueTask<Refusal> ReturnAsync(ReturnRequest request, CancellationToken cancellationToken);

    ValueTask<Refusal> ExtendAsync(Receipt receipt, TimeSpan lease, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<QueueItem>> PeekAsync(int limit, CancellationToken cancellationToken);

    ValueTask<QueueCounts> CountAsync(CancellationToken cancellationToken);

    /// <returns>How many items there were.</returns>
    ValueTask<ClearAnswer> ClearAsync(CancellationToken cancellationToken);
}
