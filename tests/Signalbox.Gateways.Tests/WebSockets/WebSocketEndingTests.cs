using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.WebSockets;

/// <summary>How WebSockets end, from either side.</summary>
public sealed class WebSocketEndingTests
{
    private const string Ping = """{"command":"ping","seq":1}""";

    [Theory]
    [InlineData("03E8 627965", 1000)]
    [InlineData("0FA0", 4000)]
    [InlineData("", 0)]
    public async Task Who_closes_is_answered_in_kind_after_what_was_asked_before(string payload, int code)
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync();
        var close = WebSocketDriver.Frame(WebSocketDriver.Close, Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal)));

        await client.SendRawAsync(new[] { WebSocketDriver.Frame(Ping), close, WebSocketDriver.Frame(Ping) }.SelectMany(part => part).ToArray());

        Assert.Equal("1", (await client.ReadAsync("the answer to the command before")).Field("seq"));
        Assert.Equal((code, ""), await client.ReadCloseAsync("the answer to the close frame"));
        Assert.Equal(0, host.ConnectionCount);
    }

    [Fact]
    public async Task At_a_stop_everybody_is_told_when_to_come_back_and_is_closed()
    {
        await using var host = await HttpHost.StartAsync();
        var idle = await host.ConnectAsync("idle");
        var popper = await host.ConnectAsync("popper");
        await idle.AskAsync(Ping);
        await popper.SendAsync("""{"command":"qpop","key":"jobs","block":true,"seq":1}""");
        await popper.SyncAsync("the pop to be waiting");

        var stopping = host.StopAsync();

        foreach (var client in new[] { idle, popper })
        {
            var end = await client.ReadAsync("why it ended");
            Assert.Equal(("503", "stopping"), (end.Field("code"), end.Field("reason")));
            Assert.InRange(int.Parse(end.Field("retryAfter")), 100, 2000);
            Assert.Equal((1012, "stopping"), await client.ReadCloseAsync("the close frame"));
        }

        await stopping;
        Assert.Equal(0, host.ConnectionCount);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_client_that_asks_much_and_reads_nothing()
    {
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Session.CloseTimeout = TimeSpan.FromMilliseconds(200);
            plan.SendBufferBytes = 16 * 1024;
        });
        var client = await host.ConnectAsync("greedy", receiveBufferBytes: 4 * 1024);
        await client.AskAsync($"{{\"command\":\"set\",\"key\":\"k\",\"value\":\"{new string('v', 500_000)}\",\"seq\":0}}");
        await client.SendAsync([.. Enumerable.Range(0, 200).Select(n => $"{{\"command\":\"get\",\"key\":\"k\",\"seq\":{n}}}")]);
        await client.ReadAsync("that it is being served");

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(0, host.ConnectionCount);
    }

    [Fact]
    public async Task Who_is_silent_is_pinged_and_closed_when_it_does_not_answer()
    {
        var clock = new ManualClock();
        await using var host = await HttpHost.StartAsync(plan => plan.Clock = clock);
        var client = await host.ConnectAsync();
        await client.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");

        clock.Pass(TimeSpan.FromSeconds(25));
        Assert.Equal(WebSocketDriver.Ping, (await client.ReadFrameAsync("a ping")).First);
        clock.Pass(TimeSpan.FromSeconds(37.5));
        Assert.Equal(1, host.ConnectionCount);
        clock.Pass(TimeSpan.FromSeconds(12.5));

        while (await client.ReadFrameAsync("why it ended") is { First: not WebSocketDriver.Text } other) Assert.Equal(WebSocketDriver.Ping, other.First);
        await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Close, []));
        Assert.Equal((1013, "silent"), await client.ReadCloseAsync("the close frame"));
    }

    [Fact]
    public async Task Who_answers_pings_and_subscribes_stays_and_who_wants_nothing_goes()
    {
        var clock = new ManualClock();
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Clock = clock;
            plan.Session.IdleTimeout = TimeSpan.FromMinutes(2);
        });
        var subscriber = await host.ConnectAsync("subscriber");
        await subscriber.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");
        var idle = await host.ConnectAsync("idle");
        await idle.AskAsync(Ping);

        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(1.5); passed += TimeSpan.FromSeconds(25))
        {
            clock.Pass(TimeSpan.FromSeconds(25));
            await AnswerPingAsync(subscriber);
            await AnswerPingAsync(idle);
        }

        // Just until it is too long: behind that its time to read the last words would pass.
        clock.Pass(TimeSpan.FromSeconds(25));

        Assert.Equal("silent", (await idle.ReadAsync("why it ended")).Field("reason"));
        await idle.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Close, []));
        Assert.Equal((1013, "silent"), await idle.ReadCloseAsync("the close frame"));
        Assert.Empty(await subscriber.SyncAsync("that the subscriber stays"));
    }

    // Done when the server has heard it: a ping of the client's own is answered behind that.
    private static async Task AnswerPingAsync(WebSocketDriver client)
    {
        var (first, payload) = await client.ReadFrameAsync("a ping");
        Assert.Equal(WebSocketDriver.Ping, first);
        await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Pong, payload));
        await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Ping, "x"u8));
        Assert.Equal(WebSocketDriver.Pong, (await client.ReadFrameAsync("the answer to a ping")).First);
    }

    [Fact]
    public async Task Who_sends_binary_messages_gets_binary_ones()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.ConnectAsync();

        await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Binary, """{"command":"subscribe","key":"news","seq":1}"""u8));
        Assert.Equal(WebSocketDriver.Binary, (await client.ReadFrameAsync("the answer")).First);
        var other = await host.ConnectAsync("other");
        await other.AskAsync("""{"command":"publish","key":"news","value":"hello","seq":1}""");

        Assert.Equal(WebSocketDriver.Binary, (await client.ReadFrameAsync("the message")).First);
        Assert.Equal("1", (await client.AskAsync(Ping)).Field("seq"));
    }

    [Fact]
    public async Task One_that_stops_reading_is_closed_and_the_others_get_everything()
    {
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Session.MaxOutboundBytes = 128 * 1024;
            plan.Session.CloseTimeout = TimeSpan.FromMinutes(5);
            plan.SendBufferBytes = 16 * 1024;
        });
        var publisher = await host.ConnectAsync("publisher");
        var stopped = await host.ConnectAsync("stopped", receiveBufferBytes: 4 * 1024);
        var readers = new List<WebSocketDriver> { stopped };
        for (var n = 0; n < 50; n++) readers.Add(await host.ConnectAsync($"reader {n}"));
        foreach (var reader in readers) await reader.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");
        readers.Remove(stopped);

        const int messages = 40;
        for (var n = 1; n <= messages; n++)
        {
            await publisher.AskAsync($"{{\"command\":\"publish\",\"key\":\"news\",\"value\":\"{new string('m', 16 * 1024)}\",\"seq\":{n}}}");
            var got = await Task.WhenAll(readers.Select(reader => reader.ReadAsync($"message {n}")));
            Assert.All(got, frame => Assert.Contains($"\"offset\":{n},", frame, StringComparison.Ordinal));
        }

        var last = "";
        while ((last = await stopped.ReadAsync("what was on its way, and why it ended")).Field("command") != "error")
        {
            // Messages that were on their way.
        }

        Assert.Equal("slow_reader", last.Field("reason"));
        Assert.Equal((1009, "slow_reader"), await stopped.ReadCloseAsync("the close frame"));
    }
}
