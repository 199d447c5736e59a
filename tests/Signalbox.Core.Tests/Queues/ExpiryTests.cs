using Signalbox.Core.Queues;
using static Signalbox.Core.Tests.Queues.QueueDriver;

namespace Signalbox.Core.Tests.Queues;

/// <summary>Items with a time to live.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public void A_ready_item_is_removed_when_its_time_is_over()
    {
        var queue = new QueueDriver();
        queue.Add("stays", priority: 1);
        var id = queue.Add("expires", ttl: 5 * Second);
        Assert.Equal(queue.Now + (5 * Second), queue.Queue.NextWakeUp);

        queue.Pass(4 * Second);
        Assert.Equal(2, queue.Queue.Counts.Ready);

        queue.Pass(1 * Second);
        Assert.Equal(new ItemRemoved(id, RemovalReason.Expired), queue.Last);
        Assert.Equal(["stays"], queue.Texts());
        Assert.Null(queue.Queue.NextWakeUp);
    }

    [Fact]
    public void A_delayed_item_is_removed_when_its_time_is_over_before_its_delay()
    {
        var queue = new QueueDriver();
        queue.Add("expires", delay: 10 * Second, ttl: 5 * Second);

        queue.Pass(5 * Second);

        Assert.True(queue.Queue.IsEmpty);
    }

    [Fact]
    public void A_time_to_live_counts_from_the_adding_and_not_from_the_end_of_the_delay()
    {
        var queue = new QueueDriver();
        queue.Add("expires", delay: 5 * Second, ttl: 8 * Second);

        queue.Pass(5 * Second);
        Assert.Equal(1, queue.Queue.Counts.Ready);

        queue.Pass(3 * Second);
        Assert.True(queue.Queue.IsEmpty);
    }

    [Fact]
    public void A_held_item_does_not_expire_under_its_holders_hands()
    {
        var queue = new QueueDriver();
        queue.Add("letter", ttl: 5 * Second);
        var taken = queue.Take(lease: 10 * Second);

        queue.Pass(9 * Second);

        Assert.True(queue.Holds(taken.Receipt));
        Assert.Equal(queue.Now + (1 * Second), queue.Queue.NextWakeUp);
    }

    [Fact]
    public void A_held_item_past_its_time_is_removed_when_its_lease_ends()
    {
        var queue = new QueueDriver();
        var id = queue.Add("letter", ttl: 5 * Second);
        queue.Take(lease: 10 * Second);

        queue.Pass(10 * Second);

        Assert.Equal(new ItemRemoved(id, RemovalReason.Expired), queue.Last);
        Assert.IsType<ItemTaken>(queue.Log[^2]);
    }

    [Fact]
    public void A_held_item_past_its_time_is_removed_when_its_holder_returns_it()
    {
        var queue = new QueueDriver();
        var id = queue.Add("letter", ttl: 5 * Second);
        var taken = queue.Take(lease: 10 * Second);
        queue.Pass(5 * Second);

        queue.Return(taken.Receipt, delay: 1 * Second, countAttempt: false);

        Assert.Equal(new ItemRemoved(id, RemovalReason.Expired), queue.Last);
    }

    [Fact]
    public void An_item_that_comes_back_in_time_still_expires()
    {
        var queue = new QueueDriver();
        queue.Add("letter", ttl: 5 * Second);
        queue.Return(queue.Take().Receipt);

        queue.Pass(5 * Second);

        Assert.True(queue.Queue.IsEmpty);
    }

    [Fact]
    public void An_item_with_a_time_to_live_that_comes_and_goes_many_times_expires_once()
    {
        var queue = new QueueDriver(new() { MaxAttempts = int.MaxValue });
        var id = queue.Add("letter", ttl: 5 * Second);
        for (var i = 0; i < 1_000; i++) queue.Return(queue.Take().Receipt);
        Assert.Equal(["letter"], queue.Texts());

        queue.Pass(5 * Second);

        Assert.Equal(new ItemRemoved(id, RemovalReason.Expired), Assert.Single(queue.Log.OfType<ItemRemoved>()));
        Assert.True(queue.Queue.IsEmpty);
    }
}
