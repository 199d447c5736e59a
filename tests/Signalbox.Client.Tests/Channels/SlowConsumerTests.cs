using Signalbox.Client.Tests.Fakes;

namespace Signalbox.Client.Tests.Channels;

public sealed class SlowConsumerTests
{
    private static readonly SubscribeOptions Two = new() { Capacity = 2 };

    [Fact]
    public async Task A_full_subscription_stops_the_reading_and_loses_nothing()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await using var messages = new Reading<Message>(await driver.SubscribeAsync(peer, "c", 0, Two));

        for (var offset = 1; offset <= 50; offset++) await peer.PushMessageAsync("c", offset, $"{offset}");

        for (var offset = 1; offset <= 50; offset++) Assert.Equal(offset, (await messages.NextAsync()).Offset);
        var counting = driver.Client.CountKeysAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("count"), "\"value\":0");
        await counting.Soon();
    }

    [Fact]
    public async Task A_consumer_that_waits_for_a_reply_gets_it_and_later_what_was_left_out()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await using var messages = new Reading<Message>(await driver.SubscribeAsync(peer, "c", 0, Two));
        var counting = driver.Client.CountKeysAsync();
        var count = await peer.ExpectAsync("count");

        for (var offset = 1; offset <= 5; offset++) await peer.PushMessageAsync("c", offset, $"{offset}");
        await peer.ReplyAsync(count, "\"value\":3");
        Assert.Equal(3, await counting.Soon());

        Assert.Equal(1, (await messages.NextAsync()).Offset);
        Assert.Equal(2, (await messages.NextAsync()).Offset);
        var third = messages.NextAsync();
        var subscribe = await peer.EnterAsync(5, "\"recovered\":true");
        Assert.Equal("2", subscribe["since"]);
        for (var offset = 3; offset <= 5; offset++) await peer.PushMessageAsync("c", offset, $"{offset}");
        Assert.Equal(3, (await third).Offset);
        Assert.Equal(4, (await messages.NextAsync()).Offset);
        Assert.Equal(5, (await messages.NextAsync()).Offset);
    }

    [Fact]
    public async Task What_was_left_out_and_is_gone_from_the_history_is_told_as_a_gap()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var gaps = new List<Gap>();
        await using var messages = new Reading<Message>(
            await driver.SubscribeAsync(peer, "c", 0, Two with { OnGap = gaps.Add }));
        var counting = driver.Client.CountKeysAsync();
        var count = await peer.ExpectAsync("count");
        for (var offset = 1; offset <= 3; offset++) await peer.PushMessageAsync("c", offset, $"{offset}");
        await peer.ReplyAsync(count, "\"value\":3");
        await counting.Soon();

        await messages.NextAsync();
        await messages.NextAsync();
        var next = messages.NextAsync();
        await peer.EnterAsync(900, "\"recovered\":false,\"first\":800");
        await peer.PushMessageAsync("c", 901, "1");

        Assert.Equal(901, (await next).Offset);
        Assert.Equal([new Gap("c", GapReason.SlowConsumer, new ChannelPosition("e", 2), new ChannelPosition("e", 900))], gaps);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_the_reading_is_stopped_is_noticed_and_nothing_is_lost()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await using var messages = new Reading<Message>(await driver.SubscribeAsync(peer, "c", 0, Two));
        for (var offset = 1; offset <= 3; offset++) await peer.PushMessageAsync("c", offset, $"{offset}");
        peer.Dispose();

        Assert.Equal(1, (await messages.NextAsync()).Offset);
        await driver.WaitForAsync(ConnectionState.Disconnected);
        var next = await driver.GreetAfterPauseAsync();
        var subscribe = await next.EnterAsync(4, "\"recovered\":true");
        await next.PushMessageAsync("c", 4, "4");

        Assert.Equal("3", subscribe["since"]);
        foreach (var expected in new[] { 2, 3, 4 }) Assert.Equal(expected, (await messages.NextAsync()).Offset);
    }
}
