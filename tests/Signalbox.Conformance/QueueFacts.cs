using Signalbox.Conformance.Subjects;
using Signalbox.Core.Queues;

namespace Signalbox.Conformance;

/// <summary>Work that waits: order, delay, time to live, leases, attempts and dead letters.</summary>
public abstract class QueueFacts<TSubject> : ConformanceFacts<TSubject>
    where TSubject : ISubject, new()
{
    [Fact]
    public async Task Items_come_out_by_priority_and_then_in_the_order_of_their_arrival()
    {
        await using var somebody = await ConnectAsync();
        await somebody.PushAsync("work", "low", new Pushing { Priority = -1 });
        await PushAsync(somebody, "work", "first");
        await PushAsync(somebody, "work", "second");
        await somebody.PushAsync("work", "urgent", new Pushing { Priority = 5 });

        Assert.Equal(["urgent", "first", "second"], await somebody.PeekAsync("work", limit: 3));

        foreach (var expected in (string?[])["urgent", "first", "second", "low", null])
        {
            Assert.Equal(expected, await PopValueAsync(somebody, "work"));
        }
    }

    [Fact]
    public async Task An_item_is_taken_by_one_only()
    {
        await using var somebody = await ConnectAsync();
        for (var i = 0; i < 40; i++) await PushAsync(somebody, "work", $"item {i}");

        var popped = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var worker = await ConnectAsync();
            var mine = new List<string>();
            while (await PopValueAsync(worker, "work") is { } item) mine.Add(item);
            return mine;
        }));

        var expected = Enumerable.Range(0, 40).Select(i => $"item {i}").Order();
        Assert.Equal(expected, popped.SelectMany(mine => mine).Order());
    }

    [Fact]
    public async Task A_delayed_item_waits_for_its_time()
    {
        NeedsClock();
        await using var somebody = await ConnectAsync();
        await somebody.PushAsync("work", "later", new Pushing { Delay = 10 * Second, Priority = 1 });
        await PushAsync(somebody, "work", "now");
        Assert.Equal(new QueueCounts(Ready: 1, Delayed: 1, Leased: 0, Dead: 0), await somebody.CountItemsAsync("work"));
        Assert.Equal("now", await PopValueAsync(somebody, "work"));

        await PassAsync(9 * Second);
        Assert.Null(await PopValueAsync(somebody, "work"));

        await PassAsync(1 * Second);
        Assert.Equal("later", await PopValueAsync(somebody, "work"));
    }

    [Fact]
    public async Task An_item_is_gone_when_its_time_is_over()
    {
        NeedsClock();
        await using var somebody = await ConnectAsync();
        await somebody.PushAsync("work", "short", new Pushing { Ttl = 10 * Second });
        await somebody.PushAsync("work", "long", new Pushing { Ttl = 20 * Second });

        await PassAsync(10 * Second);

        Assert.Equal(1, (await somebody.CountItemsAsync("work")).Live);
        Assert.Equal("long", await PopValueAsync(somebody, "work"));
    }

    [Fact]
    public async Task A_leased_item_comes_back_unless_it_is_acknowledged()
    {
        NeedsClock();
        await using var worker = await ConnectAsync();
        await PushAsync(worker, "work", "done in time");
        await PushAsync(worker, "work", "forgotten");
        var done = await LeaseAsync(worker, "work", 10 * Second);
        await LeaseAsync(worker, "work", 10 * Second);

        Assert.Equal(Outcome.Done, await worker.AcknowledgeAsync("work", done.Receipt));
        await PassAsync(10 * Second);

        var again = await LeaseAsync(worker, "work", 10 * Second);
        Assert.Equal(("forgotten", 2), (again.Value, again.Attempts));
        Assert.Null(await PopValueAsync(worker, "work"));
    }

    [Fact]
    public async Task Who_lost_its_lease_can_do_nothing_to_the_item()
    {
        NeedsClock();
        await using var slow = await ConnectAsync();
        await using var next = await ConnectAsync();
        await PushAsync(slow, "work", "letter");
        var lost = await LeaseAsync(slow, "work", 10 * Second);
        await PassAsync(10 * Second);
        var held = await LeaseAsync(next, "work", 10 * Second);

        Assert.Equal(Outcome.Conflict, await slow.AcknowledgeAsync("work", lost.Receipt));
        Assert.Equal(Outcome.Conflict, await slow.ReturnAsync("work", lost.Receipt, TimeSpan.Zero));
        Assert.Equal(Outcome.Conflict, await slow.ExtendAsync("work", lost.Receipt, 10 * Second));
        Assert.Equal(Outcome.Done, await next.AcknowledgeAsync("work", held.Receipt));
        Assert.Equal(Outcome.Conflict, await next.AcknowledgeAsync("work", held.Receipt));
    }

    [Fact]
    public async Task A_lease_lasts_as_long_as_its_holder_extends_it()
    {
        NeedsClock();
        await using var worker = await ConnectAsync();
        await PushAsync(worker, "work", "letter");
        var held = await LeaseAsync(worker, "work", 10 * Second);

        for (var i = 0; i < 3; i++)
        {
            await PassAsync(9 * Second);
            Assert.Equal(Outcome.Done, await worker.ExtendAsync("work", held.Receipt, 10 * Second));
        }

        Assert.Null(await PopValueAsync(worker, "work"));
        await PassAsync(10 * Second);
        Assert.Equal("letter", await PopValueAsync(worker, "work"));
    }

    [Fact]
    public async Task A_returned_item_takes_its_place_again()
    {
        await using var worker = await ConnectAsync();
        await PushAsync(worker, "work", "first");
        await PushAsync(worker, "work", "second");
        var held = await LeaseAsync(worker, "work", 10 * Second);

        Assert.Equal(Outcome.Done, await worker.ReturnAsync("work", held.Receipt, TimeSpan.Zero));

        Assert.Equal(["first", "second"], await worker.PeekAsync("work", limit: 9));
    }

    [Fact]
    public async Task A_returned_item_waits_as_long_as_its_holder_says()
    {
        NeedsClock();
        await using var worker = await ConnectAsync();
        await PushAsync(worker, "work", "letter");
        var held = await LeaseAsync(worker, "work", 60 * Second);
        await worker.ReturnAsync("work", held.Receipt, 10 * Second);

        await PassAsync(9 * Second);
        Assert.Null(await PopValueAsync(worker, "work"));

        await PassAsync(1 * Second);
        Assert.Equal("letter", await PopValueAsync(worker, "work"));
    }

    [Fact]
    public async Task What_was_tried_too_often_is_among_the_dead_letters()
    {
        await using var worker = await ConnectAsync();
        await PushAsync(worker, "work", "cursed");
        for (var attempt = 1; attempt <= Settings.MaxAttempts; attempt++)
        {
            var held = await LeaseAsync(worker, "work", 10 * Second);
            Assert.Equal(attempt, held.Attempts);
            await worker.ReturnAsync("work", held.Receipt, TimeSpan.Zero);
        }

        Assert.Null(await PopValueAsync(worker, "work"));
        Assert.Equal(new QueueCounts(0, 0, 0, Dead: 1), await worker.CountItemsAsync("work"));
        Assert.Equal(["cursed"], await worker.PeekAsync("$dead/work", limit: 9));
        Assert.Equal("cursed", await PopValueAsync(worker, "$dead/work"));
        Assert.Equal(0, (await worker.CountItemsAsync("work")).Dead);
    }

    [Fact]
    public async Task A_repeated_push_adds_nothing_until_its_id_is_forgotten()
    {
        NeedsClock();
        await using var somebody = await ConnectAsync();
        var how = new Pushing { Id = "order 1" };
        await somebody.PushAsync("work", "tea", how);
        Assert.Equal(Outcome.Done, await somebody.PushAsync("work", "tea", how));
        Assert.Equal(1, (await somebody.CountItemsAsync("work")).Live);
        Assert.Equal("tea", await PopValueAsync(somebody, "work"));
        await somebody.PushAsync("work", "tea", how);
        Assert.Null(await PopValueAsync(somebody, "work"));

        await PassAsync(Settings.DedupeWindow);
        await somebody.PushAsync("work", "tea", how);

        Assert.Equal("tea", await PopValueAsync(somebody, "work"));
    }

    [Fact]
    public async Task A_full_queue_refuses_items()
    {
        await using var somebody = await ConnectAsync();
        for (var i = 0; i < Settings.MaxItems; i++) await PushAsync(somebody, "work", $"item {i}");

        Assert.Equal(Outcome.Limit, await PushAsync(somebody, "work", "one more"));
        Assert.Equal("item 0", await PopValueAsync(somebody, "work"));
        Assert.Equal(Outcome.Done, await PushAsync(somebody, "work", "one more"));
    }

    [Fact]
    public async Task What_is_out_of_range_is_refused()
    {
        await using var somebody = await ConnectAsync();

        var tooLong = await PushAsync(somebody, "work", new string('a', Settings.MaxValueBytes + 1));
        var tooLate = await somebody.PushAsync("work", "never", new Pushing { Delay = TimeSpan.FromDays(1000) });

        Assert.Equal((Outcome.Limit, Outcome.Malformed), (tooLong, tooLate));
        Assert.Empty((await somebody.QueuesAsync("", cursor: null, limit: 9)).Names);
    }

    [Fact]
    public async Task Queues_are_listed_by_prefix_counted_and_cleared()
    {
        await using var somebody = await ConnectAsync();
        foreach (var queue in (string[])["jobs/3", "jobs/1", "mail", "jobs/2"]) await PushAsync(somebody, queue, "item");
        await PushAsync(somebody, "jobs/1", "another");

        var first = await somebody.QueuesAsync("jobs/", cursor: null, limit: 2);
        var second = await somebody.QueuesAsync("jobs/", first.Cursor, limit: 2);
        Assert.Equal(["jobs/1", "jobs/2"], first.Names);
        Assert.NotNull(first.Cursor);
        Assert.Equal(["jobs/3"], second.Names);
        Assert.Null(second.Cursor);

        Assert.Equal(2, await somebody.ClearAsync("jobs/1"));
        Assert.Equal(0, (await somebody.CountItemsAsync("jobs/1")).Live);
        Assert.Equal(3, await somebody.ClearAllQueuesAsync());
        Assert.Empty((await somebody.QueuesAsync("", cursor: null, limit: 9)).Names);
    }

    private static async Task<Popped> LeaseAsync(IConnection worker, string queue, TimeSpan lease)
    {
        var popped = await worker.PopAsync(queue, lease, wait: TimeSpan.Zero);
        Assert.NotNull(popped);
        return popped;
    }
}
