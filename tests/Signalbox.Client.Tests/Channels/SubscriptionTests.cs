using Signalbox.Client.Tests.Fakes;
using Signalbox.Protocol.Errors;

namespace Signalbox.Client.Tests.Channels;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Messages_come_with_all_that_the_server_says_of_them()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await using var messages = new Reading<Message>(await driver.SubscribeAsync(peer, "news", 4));

        await peer.SendAsync("""{"command":"message","key":"news","value":"aGk=","encoding":"base64","source":"1.2.3.4:5","offset":5,"time":1700000000000,"user":{"kind":"x","tag":["a","b"]}}""");

        var message = await messages.NextAsync();
        Assert.Equal("hi"u8, message.Value.Bytes.Span);
        Assert.Equal(new ChannelPosition("e", 5), message.Position);
        Assert.Equal("1.2.3.4:5", message.Source);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), message.Time);
        Assert.Equal(["kind=x", "tag=a", "tag=b"], message.Headers.Select(header => $"{header.Key}={header.Value}"));
    }

    [Fact]
    public async Task The_retained_value_comes_first_and_is_marked()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await using var messages = new Reading<Message>(await driver.SubscribeAsync(peer, "c", 4));

        await peer.PushMessageAsync("c", 4, "\"old\"", isRetained: true);
        await peer.PushMessageAsync("c", 5, "\"new\"");

        Assert.Equal((true, "old"), await TextAsync(messages));
        Assert.Equal((false, "new"), await TextAsync(messages));

        static async Task<(bool, string)> TextAsync(Reading<Message> messages)
        {
            var message = await messages.NextAsync();
            return (message.IsRetained, message.Text);
        }
    }

    [Fact]
    public async Task After_a_reconnect_it_goes_on_behind_the_last_message_and_repeats_none()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var gaps = new List<Gap>();
        var subscription = await driver.SubscribeAsync(peer, "c", 4, new SubscribeOptions { OnGap = gaps.Add });
        await using var messages = new Reading<Message>(subscription);
        await peer.PushMessageAsync("c", 5, "5");
        await messages.NextAsync();

        var next = await driver.ReconnectAsync(peer);
        var subscribe = await next.EnterAsync(7, "\"recovered\":true");
        for (var offset = 5; offset <= 8; offset++) await next.PushMessageAsync("c", offset, $"{offset}");

        Assert.Equal("5 \"e\"", $"{subscribe["since"]} {subscribe["epoch"]}");
        foreach (var expected in new[] { 6, 7, 8 }) Assert.Equal(expected, (await messages.NextAsync()).Offset);
        Assert.Empty(gaps);
    }

    [Fact]
    public async Task What_the_history_does_not_have_any_more_is_told_as_a_gap_in_its_place()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var seen = new List<string>();
        var subscription = await driver.SubscribeAsync(
            peer, "c", 4, new SubscribeOptions { OnGap = gap => seen.Add($"{gap.Reason} {gap.After} {gap.Now}") });
        await using var messages = new Reading<Message>(subscription);
        await peer.PushMessageAsync("c", 5, "5");
        seen.Add((await messages.NextAsync()).Text);

        var next = await driver.ReconnectAsync(peer);
        await next.ReplyAsync(
            await next.ExpectAsync("subscribe"), "\"offset\":2,\"epoch\":\"f\",\"recovered\":false,\"first\":1");
        await next.PushMessageAsync("c", 3, "3");
        seen.Add((await messages.NextAsync()).Text);

        Assert.Equal(["5", $"HistoryGone {new ChannelPosition("e", 5)} {new ChannelPosition("f", 2)}", "3"], seen);
    }

    [Fact]
    public async Task A_subscription_may_begin_behind_a_known_message()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var subscribing = driver.Client.SubscribeAsync("c", new SubscribeOptions { Since = new ChannelPosition("e", 2) });

        var subscribe = await peer.EnterAsync(4, "\"recovered\":true");
        await peer.PushMessageAsync("c", 3, "3");
        await peer.PushMessageAsync("c", 4, "4");

        await using var messages = new Reading<Message>(await subscribing.Soon());
        Assert.Equal("2", subscribe["since"]);
        Assert.Equal(3, (await messages.NextAsync()).Offset);
        Assert.Equal(4, (await messages.NextAsync()).Offset);
    }

    [Fact]
    public async Task Subscribing_without_a_connection_waits_for_one()
    {
        await using var driver = new ClientDriver();
        await driver.BreakAsync(await driver.ConnectAsync());

        var subscribing = driver.Client.SubscribeAsync("c");
        var peer = await driver.GreetAfterPauseAsync();
        await peer.EnterAsync(0);

        Assert.Equal("c", (await subscribing.Soon()).Channel);
    }

    [Fact]
    public async Task Subscribing_in_vain_was_not_sent()
    {
        await using var driver = new ClientDriver();
        await driver.BreakAsync(await driver.ConnectAsync());

        var subscribing = driver.Client.SubscribeAsync("c");
        driver.Clock.Pass(12 * ClientDriver.Second);

        var lost = await Assert.ThrowsAsync<SignalboxConnectionLostException>(() => subscribing.Soon());
        Assert.Equal(Outcome.NotSent, lost.Outcome);
    }

    [Fact]
    public async Task A_refused_subscribe_throws_and_is_not_tried_again()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var subscribing = driver.Client.SubscribeAsync("secret");

        await peer.FailAsync(await peer.ExpectAsync("subscribe"), 403);
        var error = await Assert.ThrowsAsync<SignalboxException>(() => subscribing.Soon());
        Assert.Equal(ErrorCode.Forbidden, error.Code);

        var next = await driver.ReconnectAsync(peer);
        var counting = driver.Client.CountKeysAsync();
        await next.ReplyAsync(await next.ExpectAsync("count"), "\"value\":0");
        await counting.Soon();
    }

    [Fact]
    public async Task Many_channels_come_back_with_one_command()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await using var a = new Reading<Message>(await driver.SubscribeAsync(peer, "a", 1));
        await using var b = new Reading<Message>(await driver.SubscribeAsync(peer, "b", 2));

        var next = await driver.ReconnectAsync(peer);
        var subscribe = await next.ExpectAsync("subscribe");
        await next.ReplyAsync(
            subscribe,
            "\"channels\":{\"a\":{\"offset\":1,\"epoch\":\"e\",\"recovered\":true},\"b\":{\"offset\":2,\"epoch\":\"e\",\"recovered\":true}}");
        await next.PushMessageAsync("b", 3, "3");
        await next.PushMessageAsync("a", 2, "2");

        Assert.Equal("[\"a\",\"b\"] {\"a\":1,\"b\":2} {\"a\":\"e\",\"b\":\"e\"}", $"{subscribe["key"]} {subscribe["since"]} {subscribe["epoch"]}");
        Assert.Equal(2, (await a.NextAsync()).Offset);
        Assert.Equal(3, (await b.NextAsync()).Offset);
    }

    [Fact]
    public async Task One_that_may_not_come_back_ends_and_the_others_go_on()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await using var a = new Reading<Message>(await driver.SubscribeAsync(peer, "a", 1));
        await using var b = new Reading<Message>(await driver.SubscribeAsync(peer, "b", 2));

        var next = await driver.ReconnectAsync(peer);
        await next.FailAsync(await next.ExpectAsync("subscribe"), 403);
        await next.FailAsync(await next.ExpectAsync("subscribe"), 403);
        await next.EnterAsync(2, "\"recovered\":true");
        await next.PushMessageAsync("b", 3, "3");

        var error = await Assert.ThrowsAsync<SignalboxException>(a.MoveNextAsync);
        Assert.Equal(ErrorCode.Forbidden, error.Code);
        Assert.Equal(3, (await b.NextAsync()).Offset);
    }

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

    [Fact]
    public async Task What_the_server_left_out_for_a_slow_reader_is_a_gap()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var gaps = new List<Gap>();
        await using var messages = new Reading<Message>(
            await driver.SubscribeAsync(peer, "c", 1, new SubscribeOptions { OnGap = gaps.Add }));

        await peer.SendAsync("""{"command":"missed","key":"c","from":2,"to":6}""");
        await peer.PushMessageAsync("c", 7, "7");

        Assert.Equal(7, (await messages.NextAsync()).Offset);
        Assert.Equal([new Gap("c", GapReason.LeftOut, new ChannelPosition("e", 1), new ChannelPosition("e", 6))], gaps);
    }

    [Fact]
    public async Task Who_comes_and_goes_is_told()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var subscription = await driver.SubscribeAsync(peer, "c", 0);
        var seen = new List<string>();
        subscription.PresenceChanged += change => seen.Add($"{change.Member.Name} {(change.Joined ? "came" : "left")}");
        await using var messages = new Reading<Message>(subscription);

        const string member = "\"key\":\"c\",\"member\":{\"id\":\"1\",\"peer\":\"p\",\"name\":\"ann\",\"since\":0},\"time\":0";
        await peer.SendAsync($$"""{"command":"join",{{member}}}""");
        await peer.SendAsync($$"""{"command":"leave",{{member}}}""");
        await peer.PushMessageAsync("c", 1, "1");
        await messages.NextAsync();

        Assert.Equal(["ann came", "ann left"], seen);
    }

    [Fact]
    public async Task A_handler_gets_each_message_and_survives_its_own_failure()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var handled = System.Threading.Channels.Channel.CreateUnbounded<long>();
        var subscribing = driver.Client.SubscribeAsync("c", (message, _) =>
        {
            handled.Writer.TryWrite(message.Offset);
            return message.Offset == 1 ? throw new InvalidOperationException("on purpose") : default;
        });
        await peer.EnterAsync(0);
        var subscription = await subscribing.Soon();

        await peer.PushMessageAsync("c", 1, "1");
        await peer.PushMessageAsync("c", 2, "2");
        Assert.Equal(1, await handled.Reader.ReadAsync().AsTask().Soon());
        Assert.Equal(2, await handled.Reader.ReadAsync().AsTask().Soon());

        var leaving = subscription.DisposeAsync().AsTask();
        await peer.ReplyAsync(await peer.ExpectAsync("unsubscribe"));
        await leaving.Soon();
        await subscription.Completion.Soon();
    }

    [Fact]
    public async Task When_the_client_is_disposed_of_the_messages_end()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        await using var messages = new Reading<Message>(await driver.SubscribeAsync(peer, "c", 0));

        await driver.Client.DisposeAsync().AsTask().Soon();

        Assert.False(await messages.MoveNextAsync());
    }
}
