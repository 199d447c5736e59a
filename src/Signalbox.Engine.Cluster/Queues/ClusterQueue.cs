using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Queues;

/// <summary>One part of a queue, whose grain has both.</summary>
internal sealed class ClusterQueue(IQueueGrain grain, QueuePart part, TimeProvider clock) : IQueue
{
    /// <summary>No call is open for longer: well within the time after which Orleans gives a call up.</summary>
    private static readonly TimeSpan LongestPark = TimeSpan.FromSeconds(20);

    public ValueTask<PushAnswer> PushAsync(PushRequest request, CancellationToken cancellationToken) =>
        grain.PushAsync(request, cancellationToken);

    public async ValueTask<PopAnswer> PopAsync(PopRequest request, CancellationToken cancellationToken)
    {
        // A wait longer than the calendar is one for ever.
        var start = clock.GetUtcNow();
        var isBounded = request.Wait < DateTimeOffset.MaxValue - start;
        var until = isBounded ? start + request.Wait!.Value : DateTimeOffset.MaxValue; // Bounded, so there.
        while (true)
        {
            var left = until - clock.GetUtcNow();
            var park = left < TimeSpan.Zero ? TimeSpan.Zero : left < LongestPark ? left : LongestPark;
            var answer = await grain.PopAsync(part, request with { Wait = park }, cancellationToken);
            if (answer.Item is not null && cancellationToken.IsCancellationRequested)
            {
                // It was served before the queue heard that nobody waits: a cancelled wait takes nothing.
                var back = new ReturnRequest(answer.Receipt, TimeSpan.Zero, CountAttempt: false);
                await grain.ReturnAsync(back, CancellationToken.None);
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (answer.Item is not null || answer.Refusal != Refusal.None || park == TimeSpan.Zero) return answer;
        }
    }

    public ValueTask<Refusal> AcknowledgeAsync(Receipt receipt, CancellationToken cancellationToken) =>
        grain.AcknowledgeAsync(receipt, cancellationToken);

    public ValueTask<Refusal> ReturnAsync(ReturnRequest request, CancellationToken cancellationToken) =>
        grain.ReturnAsync(request, cancellationToken);

    public ValueTask<Refusal> ExtendAsync(Receipt receipt, TimeSpan lease, CancellationToken cancellationToken) =>
        grain.ExtendAsync(receipt, lease, cancellationToken);

    public ValueTask<IReadOnlyList<QueueItem>> PeekAsync(int limit, CancellationToken cancellationToken) =>
        grain.PeekAsync(part, limit, cancellationToken);

    public ValueTask<QueueCounts> CountAsync(CancellationToken cancellationToken) =>
        grain.CountAsync(cancellationToken);

    public ValueTask<ClearAnswer> ClearAsync(CancellationToken cancellationToken) =>
        grain.ClearAsync(part, cancellationToken);
}
