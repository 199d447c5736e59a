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
            ? calls.AskOnceAsync(grain, request, static (grain, turn, request) => grain.PushAsync(turn, request))
            : calls.AskAsync(
                grain, request, static (grain, turn, request) => grain.PushAsync(turn, request), cancellationToken);

    public async ValueTask<PopAnswer> PopAsync(PopRequest request, CancellationToken cancellationToken)
    {
        var pop = new Pop(part, cancellationToken);
        var answer = request.Wait == TimeSpan.Zero
            ? await TakeAsync(pop, request, cancellationToken)
            : await WaitAsync(pop, request, cancellationToken);
        if (answer.Item is null || !cancellationToken.IsCancellationRequested) return answer;

        // It was served before the queue heard that nobody waits: a cancelled wait takes nothing.
        var back = new ReturnRequest(answer.Receipt, TimeSpan.Zero, CountAttempt: false);
        await ReturnAsync(back, CancellationToken.None);
        throw new OperationCanceledException(cancellationToken);
    }

    // Nobody waits, but whoever asks for an item is not told that there is none because a silo was lost.
    private ValueTask<PopAnswer> TakeAsync(Pop pop, PopRequest request, CancellationToken cancellationToken) =>
        calls.AskAsync(
            grain, (pop, request), static (grain, turn, ask) => ask.pop.TakeAsync(grain, turn, ask.request), cancellationToken);

    private async ValueTask<PopAnswer> WaitAsync(Pop pop, PopRequest request, CancellationToken cancellationToken)
    {
        // A wait longer than the calendar is one for ever.
        var start = clock.GetUtcNow();
        var isBounded = request.Wait < DateTimeOffset.MaxValue - start;
        var until = isBounded ? start + request.Wait!.Value : DateTimeOffset.MaxValue; // Bounded, so there.
        for (var early = 0; ; early++)
        {
            var left = until - clock.GetUtcNow();
            if (left <= TimeSpan.Zero) return await TakeAsync(pop, request with { Wait = TimeSpan.Zero }, cancellationToken);

            var park = left < LongestPark ? left : LongestPark;
            var answer = await ParkAsync(pop, request with { Wait = park });
            if (answer is { Item: not null } or { Refusal: not Refusal.None }) return answer;

            // Who parked for as long as was said is asked again at once; who was sent away gives the queue some time.
            if (clock.GetUtcNow() - (until - left) >= park) early = -1;
            else await calls.PauseAsync(early, cancellationToken);
        }
    }

    // An item that was taken for an answer that never came goes back when the queue is asked again, where the queue has
    // not been lost as well; else when its lease, or the hand-over, is over.
    private async ValueTask<PopAnswer> ParkAsync(Pop pop, PopRequest request)
    {
        var id = grain.GetGrainId();
        try
        {
            return await calls.InTurnAsync(id, calls.Enter(id), turn => pop.ParkAsync(grain, turn, request));
        }
        catch (Exception lost) when (GrainCalls.IsLoss(lost))
        {
            return PopAnswer.Nothing;
        }
    }

    // Where the first call has done it already, the second finds nothing to do, and all is as it should be.
    public ValueTask<Refusal> AcknowledgeAsync(Receipt receipt, CancellationToken cancellationToken) => calls.AskAsync(
        grain,
        receipt,
        static (grain, turn, receipt) => grain.AcknowledgeAsync(turn, receipt),
        cancellationToken,
        static refusal => refusal is Refusal.NoSuchItem ? Refusal.None : refusal);

    public ValueTask<Refusal> ReturnAsync(ReturnRequest request, CancellationToken cancellationToken) => calls.AskAsync(
        grain,
        request,
        static (grain, turn, request) => grain.ReturnAsync(turn, request),
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

    /// <summary>One pop, which numbers its calls.</summary>
    private sealed class Pop(QueuePart part, CancellationToken cancellationToken)
    {
        private readonly long _id = Random.Shared.NextInt64();
        private int _calls;

        public ValueTask<PopAnswer> TakeAsync(IQueueGrain grain, CallTurn turn, PopRequest request) =>
            grain.TakeAsync(turn, new PopAsk(_id, ++_calls), part, request);

        public ValueTask<PopAnswer> ParkAsync(IQueueGrain grain, CallTurn turn, PopRequest request) =>
            grain.PopAsync(turn, new PopAsk(_id, ++_calls), part, request, cancellationToken);
    }
}
