using Signalbox.Core.Queues;
using static Signalbox.Core.Tests.Queues.QueueDriver;

namespace Signalbox.Core.Tests.Queues;

/// <summary>Facts are replayed as they are, whatever this version would have decided.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void A_log_in_which_an_item_was_taken_out_of_turn_is_replayed_all_the_same()
    {
        var queue = new QueueDriver();
        queue.Add("a");
        queue.Add("b");
        queue.Add("c");

        var replica = queue.Replay(
        [
            .. queue.Log,
            new ItemTaken(2, Lease: 1, Attempts: 1, queue.Now + Second),
            new ItemReturned(2, Attempts: 1, VisibleAt: null),
            new ItemTaken(3, Lease: 1, Attempts: 1, queue.Now + Second),
            new ItemBuried(3),
        ]);

        Assert.Equal([1, 2], replica.Peek(QueuePart.Live, 9).Select(item => item.Id));
        Assert.Equal([3], replica.Peek(QueuePart.Dead, 9).Select(item => item.Id));
    }

    [Fact]
    public void Fewer_attempts_allowed_than_before_bury_an_item_after_its_next_lease_and_not_while_it_waits()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        queue.Return(queue.Take().Receipt, delay: Second);

        var stricter = queue.Replay(queue.Log, new() { MaxAttempts = 1 });
        var woken = stricter.NextDue(queue.Now + Second)!;
        stricter.Apply(woken);
        stricter.Apply(stricter.Take(QueuePart.Live, Second, handOver: false, queue.Now)!);

        Assert.Equal(new ItemReturned(1, Attempts: 1, VisibleAt: null), woken);
        Assert.Equal(new ItemBuried(1), stricter.NextDue(queue.Now + Second));
    }

    [Fact]
    public void A_snapshot_of_a_queue_with_nothing_in_it_is_its_last_id()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        queue.Acknowledge(queue.Take().Receipt);

        Assert.Equal([new QueueRestored(1)], queue.Queue.Snapshot());
    }
}
