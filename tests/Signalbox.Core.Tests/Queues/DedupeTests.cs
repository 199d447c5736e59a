using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using static Signalbox.Core.Tests.Queues.QueueDriver;

namespace Signalbox.Core.Tests.Queues;

/// <summary>Adding the same thing twice.</summary>
public sealed class DedupeTests
{
    private static readonly QueueLimits Limits = new() { DedupeWindow = 10 * Second, MaxIds = 2, MaxItems = 3 };

    [Fact]
    public void A_repeat_within_the_window_answers_with_the_first_item_and_adds_nothing()
    {
        var queue = new QueueDriver(Limits);
        var first = queue.Add("letter", id: "x");
        queue.Pass(9 * Second);

        Assert.Equal(first, queue.Add("letter", id: "x"));
        Assert.Single(queue.Log);
    }

    [Fact]
    public void A_repeat_is_known_when_the_first_item_is_long_done()
    {
        var queue = new QueueDriver(Limits);
        var first = queue.Add("letter", id: "x");
        queue.Acknowledge(queue.Take().Receipt);

        Assert.Equal(first, queue.Add("letter", id: "x"));
        Assert.Null(queue.TryTake());
        Assert.False(queue.Queue.IsEmpty);
    }

    [Fact]
    public void Ids_are_forgotten_together_a_sixteenth_of_the_window_after_the_first_has_ended()
    {
        var queue = new QueueDriver(Limits);
        queue.Add("letter", id: "x");
        queue.Pass(0.5 * Second);
        queue.Add("letter", id: "y");
        queue.Clear(QueuePart.Live);
        Assert.Equal(queue.Now + (10.125 * Second), queue.Queue.NextWakeUp);

        queue.Pass(10 * Second);
        Assert.IsType<QueueCleared>(queue.Last);
        queue.Pass(0.125 * Second);

        Assert.Equal(new DedupeIdsForgotten(queue.Now), queue.Last);
        Assert.True(queue.Queue.IsEmpty);
    }

    [Fact]
    public void In_a_long_window_ids_wait_a_second_to_be_forgotten()
    {
        var queue = new QueueDriver();
        queue.Add("letter", id: "x");
        queue.Clear(QueuePart.Live);

        Assert.Equal(queue.Now + QueueLimits.Default.DedupeWindow + Second, queue.Queue.NextWakeUp);
    }

    [Fact]
    public void An_item_without_an_id_is_remembered_for_no_time()
    {
        var queue = new QueueDriver();
        queue.Add("letter");

        Assert.Equal(default, Assert.IsType<ItemAdded>(queue.Last).RememberUntil);
    }

    [Fact]
    public void An_id_is_good_for_a_new_item_as_soon_as_its_window_is_over()
    {
        var queue = new QueueDriver(Limits);
        queue.Add("letter", id: "x");

        queue.Pass(10 * Second);

        Assert.Equal(2, queue.Add("letter", id: "x"));
    }

    [Fact]
    public void An_id_that_is_over_counts_as_new_before_the_engine_has_noticed()
    {
        var queue = new QueueDriver(Limits);
        queue.Add("letter", id: "x");
        queue.PassUnnoticed(10 * Second);

        var second = queue.Add("letter", id: "x");
        queue.WakeUp();

        Assert.Equal(2, second);
        Assert.Equal(second, queue.Add("letter", id: "x"));
    }

    [Fact]
    public void More_ids_than_the_limit_are_refused_and_items_without_an_id_are_not()
    {
        var queue = new QueueDriver(Limits);
        queue.Add("a", id: "a");
        queue.Add("b", id: "b");

        Assert.Equal(Refusal.TooManyIds, queue.TryAdd("c", id: "c").Refusal);
        Assert.Equal(Refusal.None, queue.TryAdd("c").Refusal);
    }

    [Fact]
    public void A_repeat_is_welcome_in_a_full_queue_too()
    {
        var queue = new QueueDriver(Limits);
        var first = queue.Add("a", id: "a");
        queue.Add("b");
        queue.Add("c");

        Assert.Equal(Refusal.QueueFull, queue.TryAdd("d", id: "d").Refusal);
        Assert.Equal(first, queue.Add("a", id: "a"));
    }

    [Fact]
    public void Clearing_the_queue_does_not_bring_a_repeat_back()
    {
        var queue = new QueueDriver(Limits);
        var first = queue.Add("a", id: "a");
        queue.Clear(QueuePart.Live);

        Assert.Equal(first, queue.Add("a", id: "a"));
        Assert.Equal(0, queue.Queue.Count(QueuePart.Live));
    }
}
