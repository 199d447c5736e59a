using Signalbox.Core.Queues;
using Signalbox.Engine.Embedded.Log;
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

    public PopLine<PopWaiter> Line { get; } = new(limits.MaxWaiters);

    public void Commit(QueueFact fact)
    {
        shard.Append(MachineKind.Queue, Name, fact);
        Machine.Apply(fact);
    }

    /// <summary>Takes the best item of a part; null where none is ready.</summary>
    public PopAnswer? Take(QueuePart part, TimeSpan? lease, DateTimeOffset now)
    {
        if (Machine.Take(part, lease ?? HandOver, handOver: lease is null, now) is not { } taken) return null;

        Commit(taken);
        return new PopAnswer(
            Core.Refusals.Refusal.None, Machine.ItemOf(taken.Id), new Receipt(taken.Id, taken.Lease), taken.Until);
    }

    /// <summary>After every operation: serve who waits, be woken in time, or be forgotten where nothing is left.</summary>
    public void Settle(DateTimeOffset now)
    {
        Serve(QueuePart.Live, now);
        Serve(QueuePart.Dead, now);

        if (Machine.IsEmpty && Line.Count == 0)
        {
            if (!shard.HasLingered(this, now) || !Shard.Forget(shard.Queues, this)) return;
            shard.QueueNames.Remove(Name);
            shard.Engine.QueueForgotten();
            return;
        }

        EmptySince = null;
        shard.Schedule(this, Machine.NextWakeUp);
        shard.Schedule(this, Line.NextTimeout);
    }

    public void LookAfter(DateTimeOffset now)
    {
        WakeDue(now);
        while (Line.TakeTimedOut(now, out var late)) late.Serve(PopAnswer.Nothing, shard.Position);
        Settle(now);
    }

    /// <summary>Does what the passing of time has brought about: the timer may be late.</summary>
    public void WakeDue(DateTimeOffset now)
    {
        while (Machine.NextDue(now) is { } due) Commit(due);
    }

    private void Serve(QueuePart part, DateTimeOffset now)
    {
        while (Machine.HasReady(part) && Line.TryNext(part, out var waiter))
        {
            // Ready, so there is one.
            waiter.Serve(Take(part, waiter.Lease, now)!, shard.Position);
        }
    }
}
