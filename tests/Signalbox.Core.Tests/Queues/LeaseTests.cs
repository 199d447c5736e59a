using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using static Signalbox.Core.Tests.Queues.QueueDriver;

namespace Signalbox.Core.Tests.Queues;

/// <summary>What happens to an item that somebody holds.</summary>
public sealed class LeaseTests
{
    [Fact]
    public void A_taken_item_comes_back_when_its_lease_ends_without_an_acknowledgement()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        queue.Take(lease: 30 * Second);

        queue.Pass(29 * Second);
        Assert.Null(queue.TryTake());

        queue.Pass(1 * Second);
        var again = queue.Take();
        Assert.Equal(("letter", 2), (again.Text, again.Attempts));
    }

    [Fact]
    public void An_item_that_comes_back_keeps_its_place()
    {
        var queue = new QueueDriver();
        foreach (var text in new[] { "a", "b", "c" }) queue.Add(text);
        var first = queue.Take();
        var second = queue.Take();

        queue.Return(second.Receipt);
        queue.Return(first.Receipt);

        Assert.Equal(["a", "b", "c"], queue.Texts());
    }

    [Fact]
    public void An_acknowledged_item_is_gone_and_a_second_acknowledgement_finds_none()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        var taken = queue.Take();

        Assert.Equal(Refusal.None, queue.Acknowledge(taken.Receipt));
        Assert.Equal(Refusal.NoSuchItem, queue.Acknowledge(taken.Receipt));
        Assert.True(queue.Queue.IsEmpty);
    }

    [Fact]
    public void A_worker_that_lost_its_lease_can_do_nothing_to_the_next_workers_taking()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        var slow = queue.Take(lease: 1 * Second);
        queue.Pass(1 * Second);
        var next = queue.Take();

        Assert.Equal(Refusal.LeaseLost, queue.Acknowledge(slow.Receipt));
        Assert.Equal(Refusal.LeaseLost, queue.Return(slow.Receipt));
        Assert.Equal(Refusal.LeaseLost, queue.Extend(slow.Receipt, 1 * Second));
        Assert.Equal(Refusal.None, queue.Acknowledge(next.Receipt));
    }

    [Fact]
    public void A_receipt_is_lost_once_the_item_was_woken_although_nobody_else_took_it()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        var slow = queue.Take(lease: 1 * Second);

        queue.Pass(1 * Second);

        Assert.Equal(Refusal.LeaseLost, queue.Acknowledge(slow.Receipt));
    }

    [Fact]
    public void A_late_acknowledgement_is_good_while_the_item_has_not_been_woken()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        var slow = queue.Take(lease: 1 * Second);

        queue.PassUnnoticed(10 * Second);

        Assert.Equal(Refusal.None, queue.Acknowledge(slow.Receipt));
        queue.WakeUp();
        Assert.True(queue.Queue.IsEmpty);
    }

    [Fact]
    public void A_guessed_receipt_of_an_item_that_nobody_took_fits_nothing()
    {
        var queue = new QueueDriver();
        var ready = queue.Add("ready");
        var delayed = queue.Add("delayed", delay: 1 * Second);

        Assert.Equal(Refusal.LeaseLost, queue.Acknowledge(new(ready, 0)));
        Assert.Equal(Refusal.LeaseLost, queue.Acknowledge(new(delayed, 0)));
        Assert.Equal(Refusal.NoSuchItem, queue.Acknowledge(new(99, 1)));
    }

    [Fact]
    public void A_returned_item_waits_for_the_delay_that_the_worker_asked_for()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        queue.Return(queue.Take().Receipt, delay: 5 * Second);

        queue.Pass(4 * Second);
        Assert.Null(queue.TryTake());

        queue.Pass(1 * Second);
        Assert.Equal(2, queue.Take().Attempts);
    }

    [Fact]
    public void A_return_delay_out_of_range_is_refused_and_the_lease_stays()
    {
        var queue = new QueueDriver(new() { MaxDelay = 10 * Second });
        queue.Add("letter");
        var taken = queue.Take();

        Assert.Equal(Refusal.OutOfRange, queue.Return(taken.Receipt, delay: -1 * Second));
        Assert.Equal(Refusal.OutOfRange, queue.Return(taken.Receipt, delay: 11 * Second));
        Assert.True(queue.Holds(taken.Receipt));
    }

    [Fact]
    public void An_extended_lease_ends_later_or_sooner_as_its_holder_wishes()
    {
        var queue = new QueueDriver();
        queue.Add("longer");
        queue.Add("shorter");
        var longer = queue.Take(lease: 10 * Second);
        var shorter = queue.Take(lease: 10 * Second);

        queue.Extend(longer.Receipt, 20 * Second);
        queue.Extend(shorter.Receipt, 5 * Second);

        Assert.Equal(queue.Now + (5 * Second), queue.Queue.NextWakeUp);
        queue.Pass(10 * Second);
        Assert.True(queue.Holds(longer.Receipt));
        Assert.False(queue.Holds(shorter.Receipt));
        Assert.Equal(queue.Now + (10 * Second), queue.Queue.NextWakeUp);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(61)]
    public void An_extension_out_of_range_is_refused(int lease)
    {
        var queue = new QueueDriver(new() { MaxLease = 60 * Second });
        queue.Add("letter");
        var taken = queue.Take();

        Assert.Equal(Refusal.OutOfRange, queue.Extend(taken.Receipt, lease * Second));
    }

    [Fact]
    public void A_lease_extended_a_thousand_times_ends_once()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        var taken = queue.Take();

        for (var i = 0; i < 1_000; i++)
        {
            queue.Pass(1 * Second);
            Assert.Equal(Refusal.None, queue.Extend(taken.Receipt, 30 * Second));
        }

        var facts = queue.Log.Count;
        queue.Pass(60 * Second);
        Assert.Equal(facts + 1, queue.Log.Count);
        Assert.Equal(new ItemReturned(taken.Receipt.Item, 1, VisibleAt: null), queue.Last);
    }

    [Fact]
    public void A_hand_over_is_no_attempt_but_it_is_a_lease()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        var handedOver = queue.Take(handOver: true, lease: 1 * Second);

        Assert.Equal(0, handedOver.Attempts);
        Assert.Null(queue.TryTake());

        queue.Pass(1 * Second);
        Assert.Equal(1, queue.Take().Attempts);
        Assert.False(queue.Holds(handedOver.Receipt));
    }

    [Fact]
    public void A_hand_over_that_fails_any_number_of_times_buries_nothing()
    {
        var queue = new QueueDriver(new() { MaxAttempts = 1 });
        queue.Add("letter");

        for (var i = 0; i < 5; i++) queue.Return(queue.Take(handOver: true).Receipt);
        for (var i = 0; i < 5; i++)
        {
            queue.Take(handOver: true, lease: 1 * Second);
            queue.Pass(1 * Second);
        }

        Assert.Equal(new QueueCounts(Ready: 1, Delayed: 0, Leased: 0, Dead: 0), queue.Queue.Counts);
    }

    [Fact]
    public void A_taking_that_the_worker_disowns_is_forgiven_and_buries_nothing()
    {
        var queue = new QueueDriver(new() { MaxAttempts = 1 });
        queue.Add("letter");

        queue.Return(queue.Take().Receipt, countAttempt: false);

        Assert.Equal(1, queue.Take().Attempts);
    }

    [Fact]
    public void A_hand_over_after_an_attempt_does_not_forgive_that_attempt()
    {
        var queue = new QueueDriver();
        queue.Add("letter");
        queue.Return(queue.Take().Receipt);

        queue.Return(queue.Take(handOver: true).Receipt, countAttempt: false);

        Assert.Equal(2, queue.Take().Attempts);
    }
}
