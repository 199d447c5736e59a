using Signalbox.Client.Tests.Fakes;

namespace Signalbox.Client.Tests.Queues;

public sealed class PopTests
{
    private const string Item =
        "\"value\":\"work\",\"item\":5,\"priority\":3,\"attempts\":2,\"time\":1700000000000,\"receipt\":\"5-2\",\"until\":1700000030000";

    private static readonly PopOptions Leased = new() { Lease = 30 * ClientDriver.Second };
    private static readonly PopOptions WaitForEver = new() { Wait = null };

    [Fact]
    public async Task A_leased_item_is_settled_by_its_receipt()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q", Leased);
        var pop = await peer.ExpectAsync("qpop");
        await peer.ReplyAsync(pop, Item);
        var item = (await popping.Soon())!;

        var extending = item.ExtendAsync(60 * ClientDriver.Second);
        var extend = await peer.ExpectAsync("qextend");
        await peer.ReplyAsync(extend);
        await extending.Soon();
        var acknowledging = item.AcknowledgeAsync();
        var acknowledge = await peer.ExpectAsync("qack");
        await peer.ReplyAsync(acknowledge);
        await acknowledging.Soon();

        Assert.Equal("30000", pop["reserve"]);
        Assert.False(pop.Has("block"));
        Assert.Equal("\"5-2\" 60000", $"{extend["receipt"]} {extend["reserve"]}");
        Assert.Equal("q \"5-2\"", $"{acknowledge.Key} {acknowledge["receipt"]}");
        Assert.Equal(("work", 5L, 3, 2, true), (item.Text, item.Id, item.Priority, item.Attempts, item.IsSettled));
    }

    [Fact]
    public async Task A_rejected_item_goes_back_after_the_delay()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q", Leased);
        await peer.ReplyAsync(await peer.ExpectAsync("qpop"), Item);

        var rejecting = (await popping.Soon())!.RejectAsync(2 * ClientDriver.Second);
        var reject = await peer.ExpectAsync("qnack");
        await peer.ReplyAsync(reject);

        await rejecting.Soon();
        Assert.Equal("\"5-2\" 2000", $"{reject["receipt"]} {reject["delay"]}");
    }

    [Fact]
    public async Task Without_a_lease_the_item_is_acknowledged_before_it_is_given_out()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q");
        var pop = await peer.ExpectAsync("qpop");
        await peer.ReplyAsync(pop, Item);

        var acknowledge = await peer.ExpectAsync("qack");
        Assert.False(popping.IsCompleted);
        await peer.ReplyAsync(acknowledge);

        var item = (await popping.Soon())!;
        Assert.True(pop.Has("reserve"));
        Assert.False(item.IsLeased);
        await Assert.ThrowsAsync<InvalidOperationException>(() => item.AcknowledgeAsync());
    }

    [Fact]
    public async Task An_item_whose_acknowledgement_got_lost_is_given_out_rather_than_lost()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q");
        await peer.ReplyAsync(await peer.ExpectAsync("qpop"), Item);
        await peer.ExpectAsync("qack");

        var next = await driver.ReconnectAsync(peer);
        await next.FailAsync(await next.ExpectAsync("qack"), 409);

        Assert.Equal(5, (await popping.Soon())!.Id);
    }

    [Fact]
    public async Task A_repeated_acknowledgement_that_is_refused_has_an_unknown_outcome()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q", Leased);
        await peer.ReplyAsync(await peer.ExpectAsync("qpop"), Item);
        var acknowledging = (await popping.Soon())!.AcknowledgeAsync();
        await peer.ExpectAsync("qack");

        var next = await driver.ReconnectAsync(peer);
        await next.FailAsync(await next.ExpectAsync("qack"), 409);

        var lost = await Assert.ThrowsAsync<SignalboxConnectionLostException>(() => acknowledging.Soon());
        Assert.Equal(Outcome.Unknown, lost.Outcome);
    }

    [Fact]
    public async Task An_item_that_comes_for_a_cancelled_pop_is_put_back()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var popping = driver.Client.PopAsync("q", WaitForEver, cancellation.Token);
        var pop = await peer.ExpectAsync("qpop");

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => popping.Soon());
        await peer.ReplyAsync(pop, Item);

        var reject = await peer.ExpectAsync("qnack");
        Assert.Equal("\"5-2\" 0", $"{reject["receipt"]} {reject["delay"]}");
    }

    [Fact]
    public async Task A_blocked_pop_is_asked_again_after_a_reconnect_for_the_rest_of_its_time()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q", new PopOptions { Wait = 8 * ClientDriver.Second, Lease = ClientDriver.Second });
        var first = await peer.ExpectAsync("qpop");
        driver.Clock.Pass(3 * ClientDriver.Second);

        var next = await driver.ReconnectAsync(peer);
        var second = await next.ExpectAsync("qpop");
        await next.ReplyAsync(second, Item);

        Assert.Equal("true 8000", $"{first["block"]} {first["timeout"]}");
        Assert.Equal("true 4500", $"{second["block"]} {second["timeout"]}");
        Assert.Equal(5, (await popping.Soon())!.Id);
    }

    [Fact]
    public async Task A_pop_that_waits_outlives_a_long_time_without_a_connection()
    {
        await using var driver = new ClientDriver(options => options.Random = new Random(3));
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q", Leased with { Wait = null });
        await peer.ExpectAsync("qpop");
        var change = await driver.BreakAsync(peer);

        driver.Clock.Pass(change.RetryIn!.Value);
        using var deaf = await driver.Server.AcceptAsync();
        await deaf.ExpectAsync("hello");
        driver.Clock.Pass(60 * ClientDriver.Second);
        change = await driver.WaitForAsync(ConnectionState.Disconnected);
        driver.Clock.Pass(change.RetryIn!.Value);
        var next = await driver.GreetAsync();

        await next.ReplyAsync(await next.ExpectAsync("qpop"), Item);
        Assert.Equal(5, (await popping.Soon())!.Id);
    }

    [Fact]
    public async Task A_wait_for_ever_goes_in_slices()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q", Leased with { Wait = null });

        for (var i = 0; i < 3; i++)
        {
            var pop = await peer.ExpectAsync("qpop");
            Assert.Equal("20000", pop["timeout"]);
            await peer.ReplyAsync(pop, "\"value\":null");
        }

        await peer.ReplyAsync(await peer.ExpectAsync("qpop"), Item);
        Assert.NotNull(await popping.Soon());
    }

    [Fact]
    public async Task Where_there_is_nothing_in_time_there_is_null()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var popping = driver.Client.PopAsync("q", new PopOptions { Wait = 5 * ClientDriver.Second });

        var pop = await peer.ExpectAsync("qpop");
        driver.Clock.Pass(5 * ClientDriver.Second);
        await peer.ReplyAsync(pop, "\"value\":null");

        Assert.Null(await popping.Soon());
    }
}
