using Signalbox.Client.Tests.Fakes;

namespace Signalbox.Client.Tests.Channels;

public sealed class SharedSubscriptionTests
{
    [Fact]
    public async Task Two_subscriptions_of_a_channel_share_what_the_server_sends()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var first = await driver.SubscribeAsync(peer, "c", 0);
        var second = await driver.SubscribeAsync(peer, "c", 0);
        await using var ofFirst = new Reading<Message>(first);
        await using var ofSecond = new Reading<Message>(second);

        await peer.PushMessageAsync("c", 1, "1");
        Assert.Equal(1, (await ofFirst.NextAsync()).Offset);
        Assert.Equal(1, (await ofSecond.NextAsync()).Offset);

        await first.DisposeAsync().AsTask().Soon();
        await peer.PushMessageAsync("c", 2, "2");
        Assert.False(await ofFirst.MoveNextAsync());
        Assert.Equal(2, (await ofSecond.NextAsync()).Offset);

        var leaving = second.DisposeAsync().AsTask();
        var unsubscribe = await peer.ExpectAsync("unsubscribe");
        await peer.ReplyAsync(unsubscribe);
        await leaving.Soon();
        Assert.Equal("c", unsubscribe.Key);
    }

    [Fact]
    public async Task A_second_subscription_that_begins_earlier_gets_what_it_asked_for_and_the_first_no_repeats()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await using var first = new Reading<Message>(await driver.SubscribeAsync(peer, "c", 3));

        var subscribing = driver.Client.SubscribeAsync("c", new SubscribeOptions { Since = new ChannelPosition("e", 1) });
        var subscribe = await peer.EnterAsync(3, "\"recovered\":true");
        for (var offset = 2; offset <= 4; offset++) await peer.PushMessageAsync("c", offset, $"{offset}");
        await using var second = new Reading<Message>(await subscribing.Soon());

        Assert.Equal("1", subscribe["since"]);
        Assert.Equal(4, (await first.NextAsync()).Offset);
        foreach (var expected in new[] { 2, 3, 4 }) Assert.Equal(expected, (await second.NextAsync()).Offset);
    }

    [Fact]
    public async Task A_filter_gets_every_channel_that_matches_and_tells_each_reconnect_as_a_gap()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var gaps = new List<GapReason>();
        var subscribing = driver.Client.SubscribeAsync("a/+", new SubscribeOptions { OnGap = gap => gaps.Add(gap.Reason) });
        await peer.ReplyAsync(await peer.ExpectAsync("subscribe"));
        await using var messages = new Reading<Message>(await subscribing.Soon());

        await peer.PushMessageAsync("a/x", 9, "9");
        await peer.PushMessageAsync("b/x", 1, "0");
        await peer.PushMessageAsync("a/y", 1, "1");
        Assert.Equal("a/x", (await messages.NextAsync()).Channel);
        Assert.Equal("a/y", (await messages.NextAsync()).Channel);

        var next = await driver.ReconnectAsync(peer);
        await next.ReplyAsync(await next.ExpectAsync("subscribe"));
        await next.PushMessageAsync("a/x", 12, "12");
        Assert.Equal(12, (await messages.NextAsync()).Offset);
        Assert.Equal([GapReason.NoHistory], gaps);
    }
}
