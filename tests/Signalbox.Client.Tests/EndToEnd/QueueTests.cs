using System.Collections.Concurrent;
using System.Threading.Channels;
using Signalbox.Client.Tests.Fakes;

namespace Signalbox.Client.Tests.EndToEnd;

public sealed class QueueTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Items_come_by_priority_and_arrival_and_are_gone()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        await client.PushAsync("q", "low");
        var id = await client.PushAsync("q", "high", new PushOptions { Priority = 5, Headers = [new("a", "b")] });
        await client.PushAsync("q", "later", new PushOptions { Delay = Minute });

        var peeked = await client.PeekAsync("q", 10);
        Assert.Equal(new QueueCounts(2, 1, 0, 0), await client.CountAsync("q"));
        var first = await client.PopAsync("q");
        var second = await client.PopAsync("q");

        Assert.Equal(["high", "low"], peeked.Take(2).Select(item => item.Text));
        Assert.Equal(("high", id, 5, "b"), (first!.Text, first.Id, first.Priority, first.Headers.Single().Value));
        Assert.Equal("low", second!.Text);
        Assert.Null(await client.PopAsync("q"));
        Assert.Equal(new QueueCounts(0, 1, 0, 0), await client.CountAsync("q"));
        Assert.Equal(1, await client.ClearAsync("q"));
    }

    [Fact]
    public async Task A_push_with_an_id_is_done_once()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();

        var first = await client.PushAsync("q", "1", new PushOptions { Id = "x" });
        var second = await client.PushAsync("q", "1", new PushOptions { Id = "x" });

        Assert.Equal(first, second);
        Assert.Equal(1, (await client.CountAsync("q")).Ready);
    }

    [Fact]
    public async Task A_rejected_item_comes_back_and_is_a_dead_letter_in_the_end()
    {
        await using var server = await RealServer.StartAsync(maxAttempts: 2);
        await using var client = server.Connect();
        await client.PushAsync("q", "poison");

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var item = await client.PopAsync("q", new PopOptions { Lease = Minute });
            Assert.Equal(attempt, item!.Attempts);
            await item.ExtendAsync(2 * Minute);
            await item.RejectAsync();
        }

        Assert.Null(await client.PopAsync("q"));
        Assert.Equal(new QueueCounts(0, 0, 0, 1), await client.CountAsync("q"));
        var dead = await client.PopAsync(SignalboxClient.DeadLettersOf("q"));
        Assert.Equal("poison", dead!.Text);
    }

    [Fact]
    public async Task A_receipt_settles_the_item_from_another_process()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        await using var other = server.Connect();
        await client.PushAsync("q", "work");

        var first = await client.PopAsync("q", new PopOptions { Lease = Minute });
        await other.RejectAsync("q", first!.Receipt);
        var second = await client.PopAsync("q", new PopOptions { Lease = Minute });
        await other.ExtendAsync("q", second!.Receipt, 2 * Minute);
        await other.AcknowledgeAsync("q", second.Receipt);

        Assert.Equal(new QueueCounts(0, 0, 0, 0), await client.CountAsync("q"));
        var error = await Assert.ThrowsAsync<SignalboxException>(() => first.AcknowledgeAsync());
        Assert.Equal(Protocol.Errors.ErrorCode.Conflict, error.Code);
    }

    [Fact]
    public async Task A_pop_waits_for_what_is_pushed_later()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        var popping = client.PopAsync("q", new PopOptions { Wait = null });
        await client.PingAsync();

        await client.PushAsync("q", "work");

        Assert.Equal("work", (await popping.Soon())!.Text);
        Assert.Equal(new QueueCounts(0, 0, 0, 0), await client.CountAsync("q"));
    }

    [Fact]
    public async Task A_cancelled_pop_swallows_nothing()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        using var cancellation = new CancellationTokenSource();
        var popping = client.PopAsync("q", new PopOptions { Wait = null }, cancellation.Token);
        await client.PingAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => popping);

        await client.PushAsync("q", "work");

        var item = await client.PopAsync("q", new PopOptions { Wait = null }).Soon();
        Assert.Equal("work", item!.Text);
    }

    [Fact]
    public async Task Queues_are_listed_with_their_counts()
    {
        await using var server = await RealServer.StartAsync();
        await using var client = server.Connect();
        await client.PushAsync("jobs/a", "1");
        await client.PushAsync("jobs/b", "1");
        await client.PushAsync("other", "1");

        var queues = new List<QueueInfo>();
        await foreach (var queue in client.QueuesAsync("jobs/")) queues.Add(queue);

        Assert.Equal(["jobs/a", "jobs/b"], queues.Select(queue => queue.Name).Order());
        Assert.All(queues, queue => Assert.Equal(1, queue.Counts.Ready));
    }

    [Fact]
    public async Task Whatever_is_cut_every_item_is_processed()
    {
        const int count = 300;
        await using var server = await RealServer.StartAsync();
        await using var cable = new Cable(server.Port);
        await using var pusher = server.Connect();
        await using var worker = server.Connect(options => options.Endpoints.Add(cable.Endpoint));
        var seen = new ConcurrentDictionary<string, bool>();
        var news = Channel.CreateUnbounded<string>();
        using var stop = new CancellationTokenSource();

        var processing = worker.ProcessAsync(
            "q",
            (item, _) =>
            {
                // What comes again, because its acknowledgement was cut off, is no news.
                if (seen.TryAdd(item.Text, true)) news.Writer.TryWrite(item.Text);
                return default;
            },
            new ProcessOptions { Concurrency = 8, Lease = TimeSpan.FromSeconds(1), RetryDelay = TimeSpan.FromMilliseconds(1) },
            stop.Token);
        var pushing = PushAllAsync(pusher);
        for (var i = 1; i <= count; i++)
        {
            await news.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon($"item {i} of {count}");
            if (i % 40 == 0) cable.Cut();
        }

        await pushing.Soon();
        await stop.CancelAsync();
        await processing.Soon();
        Assert.Equal(count, seen.Count);

        static async Task PushAllAsync(SignalboxClient pusher)
        {
            for (var i = 0; i < count; i++) await pusher.PushAsync("q", $"{i}");
        }
    }
}
