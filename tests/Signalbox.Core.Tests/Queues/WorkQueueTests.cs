using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using static Signalbox.Core.Tests.Queues.QueueDriver;

namespace Signalbox.Core.Tests.Queues;

/// <summary>Adding, the order of taking, and what the counts say.</summary>
public sealed class WorkQueueTests
{
    [Fact]
    public void Items_of_equal_priority_come_out_in_order_of_arrival()
    {
        var queue = new QueueDriver();
        foreach (var text in new[] { "a", "b", "c" }) queue.Add(text);

        var taken = new[] { queue.Take().Text, queue.Take().Text, queue.Take().Text };

        Assert.Equal(["a", "b", "c"], taken);
        Assert.Null(queue.TryTake());
    }

    [Fact]
    public void The_higher_priority_comes_out_first_and_the_extremes_are_priorities_too()
    {
        var queue = new QueueDriver();
        queue.Add("least", int.MinValue);
        queue.Add("usual");
        queue.Add("most", int.MaxValue);

        Assert.Equal(["most", "usual", "least"], queue.Texts());
        Assert.Equal("most", queue.Take().Text);
    }

    [Fact]
    public void A_delayed_item_cannot_be_taken_before_its_delay_is_over()
    {
        var queue = new QueueDriver();
        queue.Add("later", delay: 5 * Second);

        queue.Pass(4 * Second);
        Assert.Null(queue.TryTake());
        Assert.Equal(new QueueCounts(Ready: 0, Delayed: 1, Leased: 0, Dead: 0), queue.Queue.Counts);

        queue.Pass(1 * Second);
        Assert.Equal("later", queue.Take().Text);
    }

    [Fact]
    public void A_delayed_item_takes_its_place_by_arrival_when_it_wakes()
    {
        var queue = new QueueDriver();
        queue.Add("first", delay: 5 * Second);
        queue.Add("second");

        queue.Pass(5 * Second);

        Assert.Equal(["first", "second"], queue.Texts());
    }

    [Fact]
    public void A_payload_of_the_longest_allowed_length_is_taken_and_one_byte_more_is_not()
    {
        var queue = new QueueDriver(new() { MaxPayloadBytes = 3 });

        Assert.Equal(Refusal.None, queue.TryAdd("abc").Refusal);
        Assert.Equal((Refusal.PayloadTooLong, 0), queue.TryAdd("abcd"));
    }

    [Fact]
    public void A_full_queue_refuses_and_dead_letters_take_room_too()
    {
        var queue = new QueueDriver(new() { MaxItems = 2, MaxAttempts = 1 });
        queue.Add("dead");
        queue.Return(queue.Take().Receipt);
        queue.Add("alive");

        Assert.Equal(Refusal.QueueFull, queue.TryAdd("one too many").Refusal);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(11, null)]
    [InlineData(0, -1)]
    [InlineData(0, 11)]
    public void A_delay_or_time_to_live_that_is_negative_or_too_long_is_refused(int delay, int? ttl)
    {
        var queue = new QueueDriver(new() { MaxDelay = 10 * Second });

        var (refusal, _) = queue.TryAdd("text", delay: delay * Second, ttl: ttl * Second);

        Assert.Equal(Refusal.OutOfRange, refusal);
        Assert.Empty(queue.Log);
    }

    [Fact]
    public void The_longest_delay_and_time_to_live_are_allowed()
    {
        var queue = new QueueDriver(new() { MaxDelay = 10 * Second });

        Assert.Equal(Refusal.None, queue.TryAdd("text", delay: 10 * Second, ttl: 10 * Second).Refusal);
    }

    [Fact]
    public void A_peek_shows_the_best_ready_items_and_nothing_else()
    {
        var queue = new QueueDriver();
        queue.Add("held", priority: 9);
        queue.Add("b");
        queue.Add("a", priority: 1);
        queue.Add("c");
        queue.Add("delayed", delay: 1 * Second);
        queue.Take();

        Assert.Equal(["a", "b"], queue.Texts(limit: 2));
        Assert.Equal(["a", "b", "c"], queue.Texts());
        Assert.Empty(queue.Texts(QueuePart.Dead));
    }

    [Fact]
    public void An_item_shows_all_that_was_said_when_it_was_added()
    {
        var queue = new WorkQueue(QueueLimits.Default);
        var now = new DateTimeOffset(2030, 1, 1, 2, 0, 0, TimeSpan.FromHours(2));
        var payload = new Payload("{}"u8.ToArray(), PayloadKind.Json);
        var headers = new Headers([new("from", "a test")]);

        queue.Add(payload, headers, 7, TimeSpan.Zero, 5 * Second, dedupeId: null, now, out var fact, out var id);
        queue.Apply(fact!);

        Assert.Equal(new QueueItem(id, 7, 0, now, now + (5 * Second), payload, headers), queue.ItemOf(id));
    }

    [Fact]
    public void Clearing_the_live_part_takes_what_is_held_too_and_leaves_the_dead_letters()
    {
        var queue = new QueueDriver(new() { MaxAttempts = 1 });
        queue.Add("dead");
        queue.Return(queue.Take().Receipt);
        queue.Add("held");
        var held = queue.Take();
        queue.Add("ready");
        queue.Add("delayed", delay: 1 * Second);
        Assert.Equal(new QueueCounts(Ready: 1, Delayed: 1, Leased: 1, Dead: 1), queue.Queue.Counts);

        Assert.True(queue.Clear(QueuePart.Live));

        Assert.Equal(new QueueCounts(Ready: 0, Delayed: 0, Leased: 0, Dead: 1), queue.Queue.Counts);
        Assert.Equal(Refusal.NoSuchItem, queue.Acknowledge(held.Receipt));
        Assert.Null(queue.TryTake());
        Assert.Null(queue.Queue.NextWakeUp);
        Assert.Equal(["dead"], queue.Texts(QueuePart.Dead));
    }

    [Fact]
    public void Clearing_an_empty_part_is_no_fact()
    {
        var queue = new QueueDriver();
        queue.Add("alive");

        Assert.False(queue.Clear(QueuePart.Dead));
        Assert.Equal(1, queue.Queue.Count(QueuePart.Live));
    }

    [Fact]
    public void Ids_only_grow_also_when_the_queue_was_empty_or_made_anew_in_between()
    {
        var queue = new QueueDriver();
        queue.Add("a");
        queue.Acknowledge(queue.Take().Receipt);
        Assert.True(queue.Queue.IsEmpty);

        queue.RestartFromSnapshot();

        Assert.Equal(2, queue.Add("b"));
    }

    [Fact]
    public void A_queue_that_was_long_is_right_while_it_shrinks()
    {
        var queue = new QueueDriver();
        for (var i = 0; i < 20_000; i++) queue.Add($"{i}", priority: i % 3, ttl: i % 2 == 0 ? 5 * Second : null);
        queue.Pass(5 * Second);
        var expected = Enumerable.Range(0, 20_000).Where(i => i % 2 == 1).OrderByDescending(i => i % 3);

        var taken = new List<int>();
        while (queue.TryTake(lease: 1 * Second) is { } item)
        {
            taken.Add(int.Parse(item.Text));
            queue.Acknowledge(item.Receipt);
        }

        Assert.Equal(expected, taken);
        Assert.True(queue.Queue.IsEmpty);
        Assert.Null(queue.Queue.NextWakeUp);
    }
}
