using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using static Signalbox.Core.Tests.Queues.QueueDriver;

namespace Signalbox.Core.Tests.Queues;

/// <summary>What was tried too often.</summary>
public sealed class DeadLetterTests
{
    [Fact]
    public void An_item_whose_last_lease_ends_is_buried()
    {
        var queue = new QueueDriver(new() { MaxAttempts = 2 });
        queue.Add("letter");
        queue.Take(lease: 1 * Second);
        queue.Pass(1 * Second);
        Assert.Equal(0, queue.Queue.Count(QueuePart.Dead));

        queue.Take(lease: 1 * Second);
        queue.Pass(1 * Second);

        Assert.Equal(new QueueCounts(Ready: 0, Delayed: 0, Leased: 0, Dead: 1), queue.Queue.Counts);
        Assert.Null(queue.TryTake());
        Assert.Equal(["letter"], queue.Texts(QueuePart.Dead));
    }

    [Fact]
    public void An_item_that_the_worker_of_the_last_attempt_returns_is_buried_at_once()
    {
        var queue = new QueueDriver(new() { MaxAttempts = 1 });
        queue.Add("letter");

        queue.Return(queue.Take().Receipt, delay: 5 * Second);

        Assert.IsType<ItemBuried>(queue.Last);
        Assert.Equal(["letter"], queue.Texts(QueuePart.Dead));
    }

    [Fact]
    public void A_dead_letter_can_be_taken_and_acknowledged()
    {
        var queue = QueueWithOneDeadLetter();

        var dead = queue.Take(QueuePart.Dead);

        Assert.Null(queue.TryTake(QueuePart.Dead));
        Assert.Equal(1, queue.Queue.Count(QueuePart.Dead));
        Assert.Equal(Refusal.None, queue.Acknowledge(dead.Receipt));
        Assert.True(queue.Queue.IsEmpty);
    }

    [Fact]
    public void A_dead_letter_goes_back_to_the_dead_however_often_it_is_looked_at()
    {
        var queue = QueueWithOneDeadLetter();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(1, queue.Take(QueuePart.Dead, lease: 1 * Second).Attempts);
            queue.Pass(1 * Second);
            Assert.IsType<ItemReturned>(queue.Last);

            Assert.Equal(1, queue.Take(QueuePart.Dead).Attempts);
            queue.Return(new(1, queue.Log.OfType<ItemTaken>().Last().Lease), delay: 1 * Second);
            Assert.Null(queue.TryTake(QueuePart.Dead));
            queue.Pass(1 * Second);
        }

        Assert.Equal(["letter"], queue.Texts(QueuePart.Dead));
        Assert.Null(queue.TryTake());
    }

    [Fact]
    public void Dead_letters_come_out_by_priority_and_age_too()
    {
        var queue = new QueueDriver(new() { MaxAttempts = 1 });
        queue.Add("first");
        queue.Add("second");
        queue.Add("urgent", priority: 1);
        var receipts = new[] { queue.Take().Receipt, queue.Take().Receipt, queue.Take().Receipt };

        foreach (var receipt in receipts.Reverse()) queue.Return(receipt);

        Assert.Equal(["urgent", "first", "second"], queue.Texts(QueuePart.Dead));
    }

    [Fact]
    public void A_dead_letter_does_not_expire()
    {
        var queue = new QueueDriver(new() { MaxAttempts = 1 });
        queue.Add("letter", ttl: 5 * Second);
        queue.Return(queue.Take().Receipt);

        queue.Pass(100 * Second);
        queue.Return(queue.Take(QueuePart.Dead).Receipt);

        Assert.Null(Assert.Single(queue.Queue.Peek(QueuePart.Dead, 1)).ExpiresAt);
        Assert.Null(queue.Queue.NextWakeUp);
    }

    [Fact]
    public void What_is_tried_too_often_and_past_its_time_is_kept_for_somebody_to_look()
    {
        var queue = new QueueDriver(new() { MaxAttempts = 1 });
        queue.Add("letter", ttl: 5 * Second);
        queue.Take(lease: 10 * Second);

        queue.Pass(10 * Second);

        Assert.Equal(["letter"], queue.Texts(QueuePart.Dead));
    }

    [Fact]
    public void Clearing_the_dead_letters_leaves_the_live_part()
    {
        var queue = QueueWithOneDeadLetter();
        queue.Add("alive");
        var dead = queue.Take(QueuePart.Dead);

        Assert.True(queue.Clear(QueuePart.Dead));

        Assert.Equal(Refusal.NoSuchItem, queue.Acknowledge(dead.Receipt));
        Assert.Equal(new QueueCounts(Ready: 1, Delayed: 0, Leased: 0, Dead: 0), queue.Queue.Counts);
        Assert.Equal("alive", queue.Take().Text);
    }

    private static QueueDriver QueueWithOneDeadLetter()
    {
        var queue = new QueueDriver(new() { MaxAttempts = 1 });
        queue.Add("letter");
        queue.Return(queue.Take().Receipt);
        return queue;
    }
}
