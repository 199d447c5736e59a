using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Queues;

/// <summary>What can be said to one queue of the cluster, and the line of the calls that wait for its items.</summary>
[Reentrant]
[RandomPlacement]
internal sealed class QueueGrain(
    ClusterSettings settings, [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage)
    : MachineGrain<QueueFact>(settings, storage), IQueueGrain
{
    /// <summary>How long an item may be between the queue and a reply that is being written.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(30);

    private readonly QueueLimits _limits = settings.Queue;
    private readonly PopLine<PopWaiter> _line = new(settings.Queue.MaxWaiters);
    private WorkQueue _machine = new(settings.Queue);

    public ValueTask<PushAnswer> PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        var now = Now();
        BeginNumbering(now);
        var refusal = _machine.Add(
            request.Payload,
            request.Headers,
            request.Priority,
            request.Delay,
            request.Ttl,
            request.Id,
            now,
            out var fact,
            out var id);
        if (fact is not null) Commit(fact);
        LookAfter(now);
        return WhenWritten(new PushAnswer(refusal, id));
    }

    public ValueTask<PopAnswer> PopAsync(QueuePart part, PopRequest request, CancellationToken cancellationToken)
    {
        if (request.Lease is { } lease && (lease <= TimeSpan.Zero || lease > _limits.MaxLease))
        {
            return new(PopAnswer.Refused(Refusal.OutOfRange));
        }

        var now = Now();
        LookAfter(now);
        if (Take(part, request.Lease, now) is { } answer) return WhenWritten(answer);
        if (request.Wait == TimeSpan.Zero) return WhenWritten(PopAnswer.Nothing);

        var waiter = new PopWaiter(request.Lease);
        if (!_line.TryEnter(waiter, part, now + request.Wait, out var ticket))
        {
            return new(PopAnswer.Refused(Refusal.TooManyWaiters));
        }

        WakeAt(_line.NextTimeout);
        return WaitAsync(waiter, ticket, cancellationToken);
    }

    public ValueTask<Refusal> AcknowledgeAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        var refusal = _machine.Acknowledge(receipt, out var fact);
        if (fact is not null) Commit(fact);
        return WhenWritten(refusal);
    }

    public ValueTask<Refusal> ReturnAsync(ReturnRequest request, CancellationToken cancellationToken)
    {
        var now = Now();
        var refusal = _machine.Return(request.Receipt, request.Delay, request.CountAttempt, now, out var fact);
        if (fact is not null) Commit(fact);
        LookAfter(now);
        return WhenWritten(refusal);
    }

    public ValueTask<Refusal> ExtendAsync(Receipt receipt, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = Now();
        LookAfter(now);
        var refusal = _machine.Extend(receipt, lease, now, out var fact);
        if (fact is not null) Commit(fact);
        WakeAt(_machine.NextWakeUp);
        return WhenWritten(refusal);
    }

    public ValueTask<IReadOnlyList<QueueItem>> PeekAsync(QueuePart part, int limit, CancellationToken cancellationToken)
    {
        LookAfter(Now());
        return WhenWritten(_machine.Peek(part, limit));
    }

    public ValueTask<QueueCounts> CountAsync(CancellationToken cancellationToken)
    {
        LookAfter(Now());
        return WhenWritten(_machine.Counts);
    }

    public ValueTask<ClearAnswer> ClearAsync(QueuePart part, CancellationToken cancellationToken)
    {
        var count = _machine.Count(part);
        if (_machine.Clear(part) is { } fact) Commit(fact);
        return WhenWritten(new ClearAnswer(Refusal.None, count));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        while (_line.TryNext(QueuePart.Live, out var waiter) || _line.TryNext(QueuePart.Dead, out waiter))
        {
            waiter.SendAway();
        }

        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    protected override void Begin() => _machine = new WorkQueue(_limits);

    protected override void Apply(QueueFact fact) => _machine.Apply(fact);

    protected override IEnumerable<QueueFact> Snapshot() => _machine.Snapshot();

    // A successor's ids begin at its time, and must be above all that this queue gave out.
    protected override bool CanForget(DateTimeOffset now) => _machine.IsEmpty && MicrosecondsOf(now) > _machine.LastId;

    protected override void LookAfter(DateTimeOffset now)
    {
        while (_machine.NextDue(now) is { } due) Commit(due);
        while (_line.TakeTimedOut(now, out var late)) late.Serve(PopAnswer.Nothing);
        Serve(QueuePart.Live, now);
        Serve(QueuePart.Dead, now);
        WakeAt(_machine.NextWakeUp);
        WakeAt(_line.NextTimeout);
    }

    private static long MicrosecondsOf(DateTimeOffset now) =>
        (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    // The receipts of a queue of this name that was forgotten must fit none of ours.
    private void BeginNumbering(DateTimeOffset now)
    {
        if (_machine.LastId == 0) Commit(new QueueRestored(MicrosecondsOf(now)));
    }

    private PopAnswer? Take(QueuePart part, TimeSpan? lease, DateTimeOffset now)
    {
        if (_machine.Take(part, lease ?? HandOver, handOver: lease is null, now) is not { } taken) return null;

        // A hand-over is not written: until the reply was written and the item is removed, a crash gives it again.
        if (lease is null) Apply(taken);
        else Commit(taken);
        WakeAt(_machine.NextWakeUp);
        return new PopAnswer(
            Refusal.None, _machine.ItemOf(taken.Id), new Receipt(taken.Id, taken.Lease), taken.Until);
    }

    private void Serve(QueuePart part, DateTimeOffset now)
    {
        while (_line.Count > 0 && _machine.HasReady(part) && _line.TryNext(part, out var waiter))
        {
            waiter.Serve(Take(part, waiter.Lease, now)!); // Ready, so there is one.
        }
    }

    // Either the call leaves the line before it is served, and takes nothing; or it was served, and the answer goes to
    // the caller, who gives the item back.
    private async ValueTask<PopAnswer> WaitAsync(
        PopWaiter waiter, WaiterTicket ticket, CancellationToken cancellationToken)
    {
        await using var cancellation = cancellationToken.Register(() => InTurn(_ =>
        {
            if (_line.Leave(ticket)) waiter.Cancel(cancellationToken);
        }));
        return await WhenWritten(await waiter.Served);
    }
}
