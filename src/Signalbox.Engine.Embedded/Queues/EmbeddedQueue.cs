using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Embedded.Queues;

/// <summary>What can be said to one part of one queue of this process.</summary>
internal sealed class EmbeddedQueue(Shard shard, string name, QueuePart part) : IQueue
{
    public ValueTask<PushAnswer> PushAsync(PushRequest request, CancellationToken cancellationToken)
    {
        PushAnswer answer;
        long position;
        using (shard.Gate.Enter())
        {
            if (!HasRoomForNew) return new(new PushAnswer(Refusal.StorageUnavailable, 0));
            if (Open() is not { } host) return new(new PushAnswer(Refusal.TooManyQueues, 0));

            var now = shard.Now();
            var refusal = host.Machine.Add(
                request.Payload,
                request.Headers,
                request.Priority,
                request.Delay,
                request.Ttl,
                request.Id,
                now,
                out var fact,
                out var id);
            if (fact is not null && !host.HasRoom)
            {
                refusal = Refusal.StorageUnavailable;
                id = 0;
            }
            else if (fact is not null)
            {
                host.Commit(fact);
            }

            // What has expired makes room for nobody yet, but must not be handed out in this one's stead.
            host.WakeDue(now);
            host.Settle(now);
            answer = new PushAnswer(refusal, id);
            position = host.PositionFor(refusal);
        }

        return shard.WhenDurable(answer, position);
    }

    public ValueTask<PopAnswer> PopAsync(PopRequest request, CancellationToken cancellationToken)
    {
        PopAnswer? answer;
        QueueHost host;
        PopWaiter waiter;
        WaiterTicket ticket;
        long position;
        using (shard.Gate.Enter())
        {
            if (request.Lease is { } lease && (lease <= TimeSpan.Zero || lease > shard.Engine.Limits.Queue.MaxLease))
            {
                return new(PopAnswer.Refused(Refusal.OutOfRange));
            }

            var isWaiting = request.Wait != TimeSpan.Zero;
            var known = shard.Queues.Find(name);
            if (known is null && !isWaiting) return shard.WhenDurable(PopAnswer.Nothing, shard.Queues.Absence);
            if ((known ?? Open()) is not { } opened) return new(PopAnswer.Refused(Refusal.TooManyQueues));

            host = opened;
            var now = shard.Now();
            host.WakeDue(now);
            if (!host.HasRoom && host.Machine.HasReady(part)) return new(PopAnswer.Refused(Refusal.StorageUnavailable));

            answer = host.Take(part, request.Lease, now);
            position = host.Position;
            if (answer is not null || !isWaiting)
            {
                host.Settle(now);
                return shard.WhenDurable(answer ?? PopAnswer.Nothing, position);
            }

            waiter = new PopWaiter(request.Lease);
            if (!host.Line.TryEnter(waiter, part, now + request.Wait, out ticket))
            {
                host.Settle(now);
                return new(PopAnswer.Refused(Refusal.TooManyWaiters));
            }

            host.Settle(now);
        }

        return WaitAsync(host, waiter, ticket, cancellationToken);
    }

    public ValueTask<Refusal> AcknowledgeAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        Refusal refusal;
        long position;
        using (shard.Gate.Enter())
        {
            if (shard.Queues.Find(name) is not { } host) return WhenAbsent(Refusal.NoSuchItem);

            refusal = host.Machine.Acknowledge(receipt, out var fact);
            if (fact is not null) host.Commit(fact);
            host.Settle(shard.Now());
            position = host.Position;
        }

        return shard.WhenDurable(refusal, position);
    }

    public ValueTask<Refusal> ReturnAsync(ReturnRequest request, CancellationToken cancellationToken)
    {
        Refusal refusal;
        long position;
        using (shard.Gate.Enter())
        {
            if (shard.Queues.Find(name) is not { } host) return WhenAbsent(Refusal.NoSuchItem);

            var now = shard.Now();
            refusal = host.Machine.Return(request.Receipt, request.Delay, request.CountAttempt, now, out var fact);
            if (fact is not null) host.Commit(fact);
            host.Settle(now);
            position = host.Position;
        }

        return shard.WhenDurable(refusal, position);
    }

    public ValueTask<Refusal> ExtendAsync(Receipt receipt, TimeSpan lease, CancellationToken cancellationToken)
    {
        Refusal refusal;
        long position;
        using (shard.Gate.Enter())
        {
            if (shard.Queues.Find(name) is not { } host) return WhenAbsent(Refusal.NoSuchItem);

            var now = shard.Now();
            host.WakeDue(now);
            refusal = host.Machine.Extend(receipt, lease, now, out var fact);
            if (fact is not null && !host.HasRoom) refusal = Refusal.StorageUnavailable;
            else if (fact is not null) host.Commit(fact);
            host.Settle(now);
            position = host.PositionFor(refusal);
        }

        return shard.WhenDurable(refusal, position);
    }

    public ValueTask<IReadOnlyList<QueueItem>> PeekAsync(int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueueItem> items = [];
        long position;
        using (shard.Gate.Enter())
        {
            if (shard.Queues.Find(name) is not { } host) return WhenAbsent(items);

            host.LookAfter(shard.Now());
            items = host.Machine.Peek(part, limit);
            position = host.Position;
        }

        return shard.WhenDurable(items, position);
    }

    public ValueTask<QueueCounts> CountAsync(CancellationToken cancellationToken)
    {
        QueueCounts counts;
        long position;
        using (shard.Gate.Enter())
        {
            if (shard.Queues.Find(name) is not { } host) return WhenAbsent(default(QueueCounts));

            host.LookAfter(shard.Now());
            counts = host.Machine.Counts;
            position = host.Position;
        }

        return shard.WhenDurable(counts, position);
    }

    public ValueTask<ClearAnswer> ClearAsync(CancellationToken cancellationToken)
    {
        ClearAnswer answer;
        long position;
        using (shard.Gate.Enter())
        {
            if (shard.Queues.Find(name) is not { } host) return WhenAbsent(new ClearAnswer(Refusal.None, 0));

            var count = host.Machine.Count(part);
            if (count > 0 && !host.HasRoom) return new(new ClearAnswer(Refusal.StorageUnavailable, 0));

            if (host.Machine.Clear(part) is { } fact) host.Commit(fact);
            host.Settle(shard.Now());
            answer = new ClearAnswer(Refusal.None, count);
            position = host.Position;
        }

        return shard.WhenDurable(answer, position);
    }

    private async ValueTask<PopAnswer> WaitAsync(
        QueueHost host, PopWaiter waiter, WaiterTicket ticket, CancellationToken cancellationToken)
    {
        await using var cancellation = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (queue, host, waiter, ticket) = ((EmbeddedQueue, QueueHost, PopWaiter, WaiterTicket))state!;
                queue.Cancel(host, waiter, ticket, token);
            },
            (this, host, waiter, ticket));
        var (answer, position) = await waiter.Served;
        return await shard.WhenDurable(answer, position);
    }

    // Either the waiter leaves the line before it is served, and takes nothing; or it was served, and the answer
    // goes to the caller, who gives the item back. The ticket is of that line and no other: by now the queue of this
    // name may be a new one, with tickets of the same numbers.
    private void Cancel(QueueHost host, PopWaiter waiter, WaiterTicket ticket, CancellationToken cancellationToken)
    {
        using (shard.Gate.Enter())
        {
            if (!host.Line.Leave(ticket)) return;

            host.Settle(shard.Now());
        }

        waiter.Cancel(cancellationToken);
    }

    /// <summary>Whether the queue is there, or could be begun now.</summary>
    private bool HasRoomForNew => shard.HasRoom(shard.Engine.Durability.Queue) || shard.Queues.Find(name) is not null;

    private ValueTask<T> WhenAbsent<T>(T answer) => shard.WhenDurable(answer, shard.Queues.Absence);

    /// <returns>The queue, begun where it was not; null where there are too many.</returns>
    private QueueHost? Open()
    {
        if (shard.Queues.Find(name) is { } known) return known;

        var host = new QueueHost(shard, name, shard.Engine.Limits.Queue);
        if (!shard.Queues.TryAdd(host)) return null;

        shard.QueueNames.Add(name);
        host.Open(shard.Now());
        return host;
    }
}
