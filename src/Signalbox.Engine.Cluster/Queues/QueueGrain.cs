using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Cluster.Queues;

/// <summary>What can be said to one queue of the cluster, and the line of the calls that wait for its items.</summary>
[Reentrant]
[RandomPlacement]
internal sealed class QueueGrain(
    ClusterSettings settings,
    [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage,
    NameIndexes names,
    GrainCalls calls,
    NodeDirectory directory,
    SiloEnding ending)
    : ListedGrain<QueueFact>(settings, storage, names, calls, NameKind.Queues), IQueueGrain
{
    /// <summary>For this long an empty queue stays listed: its next item may be there in a moment.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMinutes(1);

    /// <summary>How long an item may be between the queue and a reply that is being written.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(30);

    private readonly QueueLimits _limits = settings.Queue;
    private readonly PopLine<PopWaiter> _line = new(settings.Queue.MaxWaiters);
    private readonly PopAsks _asks = new();
    private WorkQueue _machine = new(settings.Queue);
    private NodeWatch? _watch;
    private DateTimeOffset _listedUntil;

    protected override bool Exists => HasItems || Now() < _listedUntil;

    // Then the last id is no longer needed.
    protected override DateTimeOffset? DueAt =>
        _machine.NextWakeUp ?? (HasItems || IsForgettable ? null : ForgettableFrom + ClockSkew);

    private DateTimeOffset ForgettableFrom => DateTimeOffset.UnixEpoch.AddMicroseconds(_machine.LastId + 1);

    private bool HasItems => _machine.Count(QueuePart.Live) + _machine.Count(QueuePart.Dead) > 0;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        // A call that was made of a silo that is gone may have been passed on to here. Its caller has given it up, and an
        // item that it is given would be held by nobody until the lease ends. So all ask again who still wait.
        _watch = new NodeWatch(directory, Settings, _ => SendAllAway());
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _watch?.End();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async ValueTask<PushAnswer> PushAsync(CallTurn turn, PushRequest request) =>
        await WhenWritten(await DecideInOrderAsync(turn, () => AddAsync(request)));

    public ValueTask<PopAnswer> PopAsync(
        CallTurn turn, PopAsk ask, QueuePart part, PopRequest request, CancellationToken cancellationToken) =>
        InOrder(turn, () => Pop(new PopAsked(ask), part, request, cancellationToken));

    public ValueTask<PopAnswer> TakeAsync(CallTurn turn, PopAsk ask, QueuePart part, PopRequest request) =>
        PopAsync(turn, ask, part, request, CancellationToken.None);

    public ValueTask<Refusal> AcknowledgeAsync(
        CallTurn turn, Receipt receipt) => InOrder(turn, () =>
    {
        var refusal = _machine.Acknowledge(receipt, out var fact);
        if (fact is not null) Commit(fact);
        return WhenWritten(refusal);
    });

    public ValueTask<Refusal> ReturnAsync(
        CallTurn turn, ReturnRequest request) => InOrder(turn, () =>
    {
        var now = Now();
        var refusal = _machine.Return(request.Receipt, request.Delay, request.CountAttempt, now, out var fact);
        if (fact is not null) Commit(fact);
        LookAfter(now);
        return WhenWritten(refusal);
    });

    public ValueTask<Refusal> ExtendAsync(
        CallTurn turn, Receipt receipt, TimeSpan lease) => InOrder(turn, () =>
    {
        var now = Now();
        LookAfter(now);
        var refusal = _machine.Extend(receipt, lease, now, out var fact);
        if (fact is not null) Commit(fact);
        WakeAt(_machine.NextWakeUp);
        return WhenWritten(refusal);
    });

    public ValueTask<IReadOnlyList<QueueItem>> PeekAsync(
        CallTurn turn, QueuePart part, int limit) => InOrder(turn, () =>
    {
        LookAfter(Now());
        return WhenWritten(_machine.Peek(part, limit));
    });

    public ValueTask<QueueCounts> CountAsync(CallTurn turn) => InOrder(turn, () =>
    {
        LookAfter(Now());
        return WhenWritten(_machine.Counts);
    });

    public ValueTask<ClearAnswer> ClearAsync(
        CallTurn turn, QueuePart part) => InOrder(turn, () =>
    {
        var count = _machine.Count(part);
        if (_machine.Clear(part) is { } fact) Commit(fact);
        return WhenWritten(new ClearAnswer(Refusal.None, count));
    });

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
        if (HasItems) _listedUntil = now + Linger;
        else if (now < _listedUntil) WakeAt(_listedUntil);
        LeaveIfGone();
    }

    // Orleans waits for all that is parked here before it ends the activation.
    protected override void Leave()
    {
        SendAllAway();
        base.Leave();
    }

    private void SendAllAway()
    {
        while (_line.TryNext(QueuePart.Live, out var waiter) || _line.TryNext(QueuePart.Dead, out waiter))
        {
            waiter.SendAway();
        }
    }

    private static long MicrosecondsOf(DateTimeOffset now) =>
        (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private async ValueTask<PopAnswer> Pop(
        PopAsked asked, QueuePart part, PopRequest request, CancellationToken cancellationToken)
    {
        if (request.Lease is { } lease && (lease <= TimeSpan.Zero || lease > _limits.MaxLease))
        {
            return PopAnswer.Refused(Refusal.OutOfRange);
        }

        if (!_asks.TryBegin(asked, out var before)) return PopAnswer.Nothing;

        try
        {
            return await PopLast(asked, before, part, request, cancellationToken);
        }
        finally
        {
            _asks.End(asked);
        }
    }

    private ValueTask<PopAnswer> PopLast(
        PopAsked asked, PopAsked? before, QueuePart part, PopRequest request, CancellationToken cancellationToken)
    {
        var now = Now();
        if (before is not null) TakeBack(before, now);
        LookAfter(now);
        if (Take(asked, part, request.Lease, now) is { } answer) return WhenWritten(answer);
        if (request.Wait == TimeSpan.Zero) return WhenWritten(PopAnswer.Nothing);

        // Who comes after those who were sent away would hold up the end that all wait for.
        if (HasFailed) return new(PopAnswer.Nothing);

        var waiter = new PopWaiter(asked, request.Lease);
        if (!_line.TryEnter(waiter, part, now + request.Wait, out var ticket))
        {
            return new(PopAnswer.Refused(Refusal.TooManyWaiters));
        }

        (asked.Waiter, asked.Ticket) = (waiter, ticket);
        WakeAt(_line.NextTimeout);
        return WaitAsync(waiter, ticket, cancellationToken);
    }

    // Its answer is for nobody: it takes nothing, and what it took is there for who asks now.
    private void TakeBack(PopAsked before, DateTimeOffset now)
    {
        if (before.Waiter is { } waiter && _line.Leave(before.Ticket)) waiter.SendAway();
        if (before.Receipt is not { } receipt) return;

        _machine.Return(receipt, TimeSpan.Zero, countAttempt: false, now, out var fact);
        if (fact is not null) Commit(fact);
    }

    private async ValueTask<PushAnswer> AddAsync(PushRequest request)
    {
        var (fact, answer) = Decide(request);
        while (fact is not null && !IsCovered(until: null))
        {
            var refusal = await CoverAsync(until: null);
            if (refusal is not Refusal.None) return new PushAnswer(refusal, 0);

            (fact, answer) = Decide(request);
        }

        if (fact is not null) Commit(fact);
        LookAfter(Now());
        return answer;
    }

    private (ItemAdded? Fact, PushAnswer Answer) Decide(PushRequest request)
    {
        var now = Now();
        // The receipts of a queue of this name that was forgotten must fit none of ours.
        if (_machine.LastId == 0 && IsCovered(until: null)) Commit(new QueueRestored(MicrosecondsOf(now)));

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
        return (fact, new PushAnswer(refusal, id));
    }

    private PopAnswer? Take(PopAsked asked, QueuePart part, TimeSpan? lease, DateTimeOffset now)
    {
        if (_machine.Take(part, lease ?? HandOver, handOver: lease is null, now) is not { } taken) return null;

        // A hand-over is not written: until the reply was written and the item is removed, a crash gives it again.
        if (lease is null) Apply(taken);
        else Commit(taken);
        WakeAt(_machine.NextWakeUp);
        var receipt = new Receipt(taken.Id, taken.Lease);
        asked.Receipt = receipt;
        return new PopAnswer(Refusal.None, _machine.ItemOf(taken.Id), receipt, taken.Until);
    }

    private void Serve(QueuePart part, DateTimeOffset now)
    {
        while (_line.Count > 0 && _machine.HasReady(part) && _line.TryNext(part, out var waiter))
        {
            waiter.Serve(Take(waiter.Asked, part, waiter.Lease, now)!); // Ready, so there is one.
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
        await using var end = ending.Begun.Register(() => InTurn(_ => Leave()));
        var answer = await waiter.Served;
        return answer.Item is null ? answer : await WhenWritten(answer);
    }
}
