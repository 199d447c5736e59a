using Signalbox.Conformance.Subjects;

namespace Signalbox.Conformance;

/// <summary>Poppers that wait for an item.</summary>
public abstract class WaitingPopFacts<TSubject> : ConformanceFacts<TSubject>
    where TSubject : ISubject, new()
{
    [Fact]
    public async Task A_waiting_popper_gets_the_next_item()
    {
        await using var worker = await ConnectAsync();
        await using var somebody = await ConnectAsync();
        var popping = await BeginPopAsync(worker);

        await PushAsync(somebody, "work", "letter");

        Assert.Equal("letter", (await popping)?.Value);
        Assert.Equal(0, (await somebody.CountItemsAsync("work")).Live);
    }

    [Fact]
    public async Task Waiting_poppers_are_served_in_the_order_in_which_they_came()
    {
        await using var somebody = await ConnectAsync();
        var workers = new List<IConnection>();
        var popping = new List<Task<Popped?>>();
        for (var i = 0; i < 5; i++)
        {
            workers.Add(await ConnectAsync($"worker {i}"));
            popping.Add(await BeginPopAsync(workers[i]));
        }

        for (var i = 0; i < 5; i++) await PushAsync(somebody, "work", $"letter {i}");

        var popped = await Task.WhenAll(popping);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"letter {i}"), popped.Select(item => item?.Value));
        foreach (var worker in workers) await worker.DisposeAsync();
    }

    [Fact]
    public async Task A_popper_that_is_gone_swallows_nothing()
    {
        await using var patient = await ConnectAsync();
        var gone = await ConnectAsync();
        await using var somebody = await ConnectAsync();
        var abandoned = await BeginPopAsync(gone);
        var popping = await BeginPopAsync(patient);

        await gone.DisposeAsync();
        await PushAsync(somebody, "work", "letter");

        Assert.Equal("letter", (await popping)?.Value);
        // Whether it ends in nothing, a cancellation or a broken connection is the subject's own.
        await abandoned.ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.False(abandoned.IsCompletedSuccessfully && (await abandoned) is not null);
    }

    [Fact]
    public async Task A_wait_ends_with_nothing_when_its_time_is_over()
    {
        NeedsClock();
        await using var worker = await ConnectAsync();
        var popping = worker.PopAsync("work", lease: null, wait: 10 * Second);
        await worker.CountItemsAsync("work");

        await PassAsync(10 * Second);

        Assert.Null(await popping);
        await PushAsync(worker, "work", "letter");
        Assert.Equal(1, (await worker.CountItemsAsync("work")).Ready);
    }

    [Fact]
    public async Task A_wait_that_was_served_leaves_the_queue_alone_when_its_time_would_be_over()
    {
        NeedsClock();
        await using var worker = await ConnectAsync();
        var popping = worker.PopAsync("work", lease: null, wait: 10 * Second);
        await worker.CountItemsAsync("work");
        await PushAsync(worker, "work", "first");
        Assert.Equal("first", (await popping)?.Value);
        await PushAsync(worker, "work", "second");

        await PassAsync(60 * Second);

        Assert.Equal("second", await PopValueAsync(worker, "work"));
    }

    [Fact]
    public async Task A_waiting_popper_gets_what_a_lease_or_a_delay_gives_back()
    {
        NeedsClock();
        await using var worker = await ConnectAsync();
        await using var other = await ConnectAsync();
        await PushAsync(worker, "work", "leased");
        await worker.PopAsync("work", lease: 10 * Second, wait: TimeSpan.Zero);
        await worker.PushAsync("work", "delayed", new Pushing { Delay = 20 * Second });
        var first = await BeginPopAsync(other);
        var second = await BeginPopAsync(other);

        await PassAsync(10 * Second);
        Assert.Equal("leased", (await first)?.Value);

        await PassAsync(10 * Second);
        Assert.Equal("delayed", (await second)?.Value);
    }

    [Fact]
    public async Task A_waiting_popper_may_wait_for_a_lease()
    {
        NeedsClock();
        await using var worker = await ConnectAsync();
        var popping = worker.PopAsync("work", lease: 10 * Second, wait: null);
        await worker.CountItemsAsync("work");

        await PushAsync(worker, "work", "letter");
        var held = await popping;
        Assert.Equal(("letter", 1), (held?.Value, held?.Attempts));

        await PassAsync(10 * Second);
        Assert.Equal(1, (await worker.CountItemsAsync("work")).Ready);
    }

    // What is said on one connection is done in order: when the count has come back, the pop waits.
    private static async Task<Task<Popped?>> BeginPopAsync(IConnection worker)
    {
        var popping = worker.PopAsync("work", lease: null, wait: null);
        await worker.CountItemsAsync("work");
        return popping;
    }
}
