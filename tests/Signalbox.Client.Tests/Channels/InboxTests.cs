using Signalbox.Client.Tests.Fakes;

namespace Signalbox.Client.Tests.Channels;

public sealed class InboxTests
{
    [Fact]
    public async Task Default_channels_and_the_channel_of_this_process_come_in_the_inbox()
    {
        await using var driver = new ClientDriver(options => options.DefaultChannels.Add("news"));
        await using var inbox = new Reading<Message>(driver.Client.Inbox);
        var peer = await driver.ConnectAsync("\"gpid\":65537");

        var subscribe = await peer.ExpectAsync("subscribe");
        await peer.ReplyAsync(
            subscribe, "\"channels\":{\"news\":{\"offset\":0,\"epoch\":\"e\"},\"65537\":{\"offset\":0,\"epoch\":\"e\"}}");
        await peer.PushMessageAsync("65537", 1, "\"to you\"");
        await peer.PushMessageAsync("news", 1, "\"to all\"");

        Assert.Equal("[\"news\",\"65537\"]", subscribe["key"]);
        Assert.Equal("to you", (await inbox.NextAsync()).Text);
        Assert.Equal("to all", (await inbox.NextAsync()).Text);
    }

    [Fact]
    public async Task Broadcasts_come_and_a_reconnect_is_a_gap_between_them()
    {
        await using var driver = new ClientDriver();
        var gaps = new List<GapReason>();
        driver.Client.Broadcasts.GapFound += gap => gaps.Add(gap.Reason);
        await using var broadcasts = new Reading<Message>(driver.Client.Broadcasts);
        var peer = await driver.ConnectAsync();

        await peer.SendAsync("""{"command":"broadcats","value":"first","source":"s:1"}""");
        Assert.Equal("first", (await broadcasts.NextAsync()).Text);
        var next = await driver.ReconnectAsync(peer);
        await next.SendAsync("""{"command":"broadcats","value":"second","source":"s:1"}""");

        Assert.Equal("second", (await broadcasts.NextAsync()).Text);
        Assert.Equal([GapReason.NoHistory], gaps);
    }

    [Fact]
    public async Task What_nobody_reads_is_dropped_and_stops_nothing()
    {
        await using var driver = new ClientDriver(options => options.SubscriptionCapacity = 1);
        var peer = await driver.ConnectAsync();

        for (var i = 0; i < 10; i++) await peer.SendAsync("""{"command":"broadcats","value":1,"source":"s:1"}""");
        var counting = driver.Client.CountKeysAsync();
        await peer.ReplyAsync(await peer.ExpectAsync("count"), "\"value\":0");

        await counting.Soon();
    }
}
