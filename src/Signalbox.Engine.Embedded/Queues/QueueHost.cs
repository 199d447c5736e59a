using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Core.Storage;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Queues;

namespace Signalbox.Engine.Embedded.Queues;

/// <summary>A queue's machine in its shard, with the line of those who wait for its items.</summary>
/// <remarks>Guarded by the shard's gate.</remarks>
internal sealed class QueueHost(Shard shard, string name, QueueLimits limits)
    : Host<WorkQueue>(name, new WorkQueue(limits))
{
    /// <summary>How long an item may be between the queue and a reply that is being written.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(30);

    private QueueCounts _counted;

    public PopLine<PopWaiter> Line { get; } = new(limits.MaxWaiters);

    /// <summary>Whether the queue may be changed now.</summary>
    public bool HasRoom => shard.HasRoom(Durability);

    private Durability Durability => shard.Engine.Durability.Queue;

    /// <summary>The moment from which a successor would give out ids that this queue has not.</summary>
    private DateTimeOffset ForgettableFrom => DateTimeOffset.UnixEpoch.AddTicks(Machine.LastId * TimeSpan.TicksPerMicrosecond);

    /// <summary>Begins a queue of this name, where there may have been another before.</summary>
    public void Open(DateTimeOffset now) =>
        // The receipts of one that was forgotten must fit none of ours, so ids begin at the time in microseconds, which
        // no queue outruns. It is written with the first item: to wait at a queue costs no write.
        Machine.Apply(new QueueRestored((now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));

    public void Commit(QueueFact fact)
    {
        Append(fact);
        Machine.Apply(fact);
    }

    /// <summary>Takes the best item of a part; null where none is ready.</summary>
    public PopAnswer? Take(QueuePart part, TimeSpan? lease, DateTimeOffset now)
    {
        if (Machine.Take(part, lease ?? HandOver, handOver: lease is null, now) is not { } taken) return null;

        // A hand-over is not written: the log goes on to think that the item is there, and so it is again after a crash,
        // until the reply was written and the item is removed. One write less for each item that is popped so.
        if (lease is not null) Append(taken);
        Machine.Apply(taken);
        return new PopAnswer(
            Refusal.None, Machine.ItemOf(taken.Id), new Receipt(taken.Id, taken.Lease), taken.Until);
    }

    /// <summary>After every operation: serve who waits, be woken in time, or be forgotten where nothing is left.</summary>
    public void Settle(DateTimeOffset now)
    {
        Serve(QueuePart.Live, now);
        Serve(QueuePart.Dead, now);
        shard.Items.Count(ref _counted, Machine.Counts);

        if (Machine.IsEmpty && Line.Count == 0)
        {
            if (!shard.HasLingered(this, now)) return;

            // Somebody may have set the clock back.
            if (now < ForgettableFrom) shard.Schedule(this, ForgettableFrom);
            else if (shard.Queues.Forget(this)) shard.QueueNames.Remove(Name);
            return;
        }

        EmptySinceTicks = 0;
        shard.Schedule(this, Machine.NextWakeUp, now, Durability);
        shard.Schedule(this, Line.NextTimeout);
    }

    public void LookAfter(DateTimeOffset now)
    {
        WakeDue(now);
        while (Line.TakeTimedOut(now, out var late)) late.Serve(PopAnswer.Nothing, Position);
        Settle(now);
    }

    /// <summary>Does what the passing of time has brought about: the timer may be late.</summary>
    public void WakeDue(DateTimeOffset now)
    {
        while (Machine.NextDue(now) is { } due && HasRoom) Commit(due);
    }

    private void Serve(QueuePart part, DateTimeOffset now)
    {
        while (Line.Count > 0 && Machine.HasReady(part))
        {
            if (!HasRoom)
            {
                // An item came back that nobody may be given now.
                shard.Schedule(this, now, now, Durability);
                return;
            }

            if (!Line.TryNext(part, out var waiter)) return;

            // Ready, so there is one.
            waiter.Serve(Take(part, waiter.Lease, now)!, Position);
        }
    }

    private void Append(QueueFact fact)
    {
        if (Durability is Durability.None) return;

        if (!HasBegun) shard.Queues.Append(this, new QueueRestored(Machine.LastId), Durability);
        shard.Queues.Append(this, fact, Durability);
    }
}
