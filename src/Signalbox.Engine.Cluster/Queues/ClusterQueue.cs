using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Queues;

/// <summary>
/// One part of a queue, whose grain has both. It is asked again where its silo was lost and a repeat does no harm.
/// </summary>
internal sealed class ClusterQueue(IQueueGrain grain, QueuePart part, GrainCalls calls, TimeProvider clock) : IQueue
{
    /// <summary>No call is open for longer: well within the time after which Orleans gives a call up.</summary>
    private static readonly TimeSpan LongestPark = TimeSpan.FromSeconds(20);

    public ValueTask<PushAnswer> PushAsync(PushRequest request, CancellationToken cancellationToken) =>
        request.Id is null
            ? calls.AskOnceAsync(grain, turn => grain.PushAsync(turn, request))
            : calls.AskAsync(grain, turn => grain.PushAsync(turn, request), cancellationToken);

    public async ValueTask<PopAnswer> PopAsync(PopRequest request, CancellationToken cancellationToken)
    {
        // A wait longer than the calendar is one for ever.
        var start = clock.GetUtcNow();
        var isBounded = request.Wait < DateTimeOffset.MaxValue - start;
        var (pop, tries) = (Random.Shared.NextInt64(), 0);
        var until = isBounded ? start + request.Wait!.Value : DateTimeOffset.MaxValue; // Bounded, so there.
        for (var early = 0; ; early++)
        {
            var left = until - clock.GetUtcNow();
            var park = left < TimeSpan.Zero ? TimeSpan.Zero : left < LongestPark ? left : LongestPark;
            var answer = await PopOnceAsync(NextAsk, request with { Wait = park }, cancellationToken);
            if (answer is { Item: not null } or { Refusal: not Refusal.None } || park == TimeSpan.Zero) return answer;

            // Who parked for as long as was said is asked again at once; who was sent away gives the queue some time.
            if (clock.GetUtcNow() - (until - left) >= park) early = -1;
            else await calls.PauseAsync(early, cancellationToken);
        }

        PopAsk NextAsk() => new(pop, ++tries);
    }

    // An item that was taken for an answer that never came goes back when the queue is asked again, where the queue has
    // not been lost as well; else when its lease, or the hand-over, is over.
    private async ValueTask<PopAnswer> PopOnceAsync(
        Func<PopAsk> nextAsk, PopRequest request, CancellationToken cancellationToken)
    {
        PopAnswer answer;
        try
        {
            answer = await calls.InOrderAsync(
                grain, turn => grain.PopAsync(turn, nextAsk(), part, request, cancellationToken));
        }
        catch (Exception lost) when (GrainCalls.IsLoss(lost) && request.Wait > TimeSpan.Zero)
        {
            return PopAnswer.Nothing;
        }
        catch (Exception lost) when (GrainCalls.IsLoss(lost))
        {
            // Nobody waits, but whoever asks for an item is not told that there is none.
            answer = await calls.AskAsync(
                grain, turn => grain.PopAsync(turn, nextAsk(), part, request, cancellationToken), cancellationToken);
        }

        if (answer.Item is null || !cancellationToken.IsCancellationRequested) return answer;

        // It was served before the queue heard that nobody waits: a cancelled wait takes nothing.
        var back = new ReturnRequest(answer.Receipt, TimeSpan.Zero, CountAttempt: false);
        await ReturnAsync(back, CancellationToken.None);
        throw new OperationCanceledException(cancellationToken);
    }

    // Where the first call has done it already, the second finds nothing to do, and all is as it should be.
    public ValueTask<Refusal> AcknowledgeAsync(Receipt receipt, CancellationToken cancellationToken) => calls.AskAsync(
        grain,
        turn => grain.AcknowledgeAsync(turn, receipt),
        cancellationToken,
        static refusal => refusal is Refusal.NoSuchItem ? Refusal.None : refusal);

    public ValueTask<Refusal> ReturnAsync(ReturnRequest request, CancellationToken cancellationToken) => calls.AskAsync(
        grain,
        turn => grain.ReturnAsync(turn, request),
        cancellationToken,
        static refusal => refusal is Refusal.NoSuchItem or Refusal.LeaseLost ? Refusal.None : refusal);

    public ValueTask<Refusal> ExtendAsync(Receipt receipt, TimeSpan lease, CancellationToken cancellationToken) =>
        calls.AskAsync(grain, turn => grain.ExtendAsync(turn, receipt, lease), cancellationToken);

    public ValueTask<IReadOnlyList<QueueItem>> PeekAsync(int limit, CancellationToken cancellationToken) =>
        calls.AskAsync(grain, turn => grain.PeekAsync(turn, part, limit), cancellationToken);

    public ValueTask<QueueCounts> CountAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(grain, turn => grain.CountAsync(turn), cancellationToken);

    public ValueTask<ClearAnswer> ClearAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(grain, turn => grain.ClearAsync(turn, part), cancellationToken);
}
