namespace Signalbox.Cli.Tests.Commands;

public sealed class QueueCommandTests(TestServer server)
{
    private readonly Cli _cli = Cli.At(server);

    [Fact]
    public async Task Items_come_out_by_priority_and_then_there_is_nothing()
    {
        await _cli.RunAsync("push", "q/order", "low");
        await _cli.RunAsync("push", "q/order", "high", "--priority", "5", "--ttl", "1h");

        var first = await _cli.RunAsync("pop", "q/order");
        var second = await _cli.RunAsync("pop", "q/order");
        var third = await _cli.RunAsync("pop", "q/order");

        Assert.Equal(["high\n", "low\n", ""], new[] { first, second, third }.Select(ended => ended.Output));
        Assert.Equal((4, "signalbox: There is no item in 'q/order'.\n"), (third.Code, third.Error));
    }

    [Fact]
    public async Task A_reserved_item_is_acknowledged_by_its_receipt_once()
    {
        await _cli.RunAsync("push", "q/ack", "work");

        var pop = await _cli.RunAsync("pop", "q/ack", "--reserve", "1h");
        var receipt = pop.Lines[1].Split(' ')[1];
        var first = await _cli.RunAsync("ack", "q/ack", receipt);
        var second = await _cli.RunAsync("ack", "q/ack", receipt);

        Assert.Equal("work", pop.Lines[0]);
        Assert.Equal((0, "acknowledged\n"), (first.Code, first.Output));
        Assert.Equal(1, second.Code);
        Assert.StartsWith("signalbox: The server refused with 409 Conflict: ", second.Error);
    }

    [Fact]
    public async Task A_reserved_item_is_given_back_by_its_receipt()
    {
        await _cli.RunAsync("push", "q/nack", """{"a":1}""");
        var reserved = Assert.Single(await _cli.JsonAsync("pop", "q/nack", "--reserve", "1h"));
        var meanwhile = await _cli.RunAsync("pop", "q/nack");

        var nack = await _cli.RunAsync("nack", "q/nack", reserved.GetProperty("receipt").GetString()!); // Popped with a lease: there is one.
        var again = Assert.Single(await _cli.JsonAsync("pop", "q/nack"));

        Assert.Equal(4, meanwhile.Code);
        Assert.Equal((0, "returned\n"), (nack.Code, nack.Output));
        Assert.Equal(2, again.GetProperty("attempts").GetInt32());
        Assert.Equal(1, again.GetProperty("value").GetProperty("a").GetInt32());
    }

    [Fact]
    public async Task An_item_is_given_back_for_later()
    {
        await _cli.RunAsync("push", "q/later", "x");
        var reserved = Assert.Single(await _cli.JsonAsync("pop", "q/later", "--reserve", "1h"));

        await _cli.RunAsync("nack", "q/later", reserved.GetProperty("receipt").GetString()!, "--delay", "1h"); // See above.

        var counts = Assert.Single(await _cli.JsonAsync("queues", "q/later"));
        Assert.Equal((0, 1), (counts.GetProperty("ready").GetInt32(), counts.GetProperty("delayed").GetInt32()));
    }

    [Fact]
    public async Task An_item_that_is_acknowledged_when_printed_is_gone()
    {
        await _cli.RunAsync("push", "q/printed", "x");

        var pop = await _cli.RunAsync("pop", "q/printed", "--ack");

        Assert.Equal((0, "x\n"), (pop.Code, pop.Output));
        Assert.Empty((await _cli.RunAsync("queues", "q/printed")).Output);
    }

    [Theory]
    [InlineData("--block")]
    [InlineData("--block", "--reserve", "1h")]
    public async Task A_blocked_pop_waits_for_an_item(params string[] how)
    {
        var queue = $"q/block{how.Length}";
        var pop = _cli.Start(["pop", queue, .. how]);

        await _cli.RunAsync("push", queue, "at last");
        var ended = await pop.EndAsync();

        Assert.Equal((0, "at last"), (ended.Code, ended.Lines[0]));
    }

    [Theory]
    [InlineData("--block", "--timeout", "100ms")]
    [InlineData("--block", "--timeout", "100ms", "--reserve", "1h")]
    public async Task A_blocked_pop_ends_with_4_when_its_time_is_over(params string[] how)
    {
        var ended = await _cli.RunAsync(["pop", "q/never", .. how]);

        Assert.Equal((4, "signalbox: There is no item in 'q/never'.\n"), (ended.Code, ended.Error));
    }

    [Fact]
    public async Task A_blocked_pop_that_is_interrupted_ends_with_130()
    {
        var ended = await _cli.Start(["pop", "q/interrupted", "--block"]).InterruptAsync();

        Assert.Equal(130, ended.Code);
    }

    [Fact]
    public async Task An_id_pushes_once_and_a_peek_takes_nothing()
    {
        await _cli.RunAsync("push", "q/peek", "x", "--id", "one", "--priority", "3");
        await _cli.RunAsync("push", "q/peek", "x", "--id", "one", "--priority", "3");

        var table = await _cli.RunAsync("peek", "q/peek");
        var item = Assert.Single(await _cli.JsonAsync("peek", "q/peek", "--limit", "5"));

        Assert.Matches(@"^ +ITEM  PRIORITY  ATTEMPTS  ADDED +VALUE$", table.Lines[0]);
        Assert.Equal(3, item.GetProperty("priority").GetInt32());
        Assert.Equal("x\n", (await _cli.RunAsync("pop", "q/peek")).Output);
    }

    [Fact]
    public async Task Queues_are_listed_with_their_counts()
    {
        await _cli.RunAsync("push", "q/listed", "now");
        await _cli.RunAsync("push", "q/listed", "later", "--delay", "1h");

        var queues = await _cli.RunAsync("queues", "q/listed");

        Assert.Equal(["QUEUE     READY  DELAYED  LEASED  DEAD", "q/listed      1        1       0     0"], queues.Lines);
    }
}
