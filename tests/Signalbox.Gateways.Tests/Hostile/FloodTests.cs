using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Hostile;

/// <summary>Much of what is harmless once. Alone, for the connections and the memory that are counted.</summary>
[Collection("alone")]
public sealed class FloodTests
{
    private const int Mebibyte = 1024 * 1024;
    private const int Connections = 10_000;
    private const int Batch = 250;
    private const string Subscribe = """{"command":"subscribe","key":"room","seq":1}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ten_thousand_connections_that_open_and_drop_leave_nothing_behind()
    {
        using var connections = new OpenConnections();
        await using var host = await HttpHost.StartAsync(plan =>
            plan.Rule("room", new ChannelOptions { JoinLeave = true }));
        await using var witness = await host.ConnectAsync("witness");
        await witness.AskAsync(Subscribe);
        await OpenAndDropAsync(host, Batch);
        await connections.WhenAsync(opened: 1 + Batch, left: 1)
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
        await ReadLeavesAsync(witness, Batch / 2);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var opened = 0; opened < Connections; opened += Batch)
        {
            await OpenAndDropAsync(host, Batch);
            // Half of them had come into the room.
            await ReadLeavesAsync(witness, Batch / 2);
        }

        await connections.WhenAsync(opened: 1 + Batch + Connections, left: 1)
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, host.ConnectionCount);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 * Mebibyte);
    }

    [Fact]
    public async Task A_flood_of_subscriptions_is_taken_up_to_the_limit_and_given_back_at_the_end()
    {
        const int limit = 1000;
        const int flood = 20_000;
        await using var host = await HttpHost.StartAsync(plan => plan.Session.MaxSubscriptions = limit);
        var flooder = await host.ConnectAsync("flooder");
        var other = await host.ConnectAsync("other");

        var flooding = flooder.SendAsync([.. Enumerable.Range(0, flood)
            .Select(n => $$"""{"command":"subscribe","key":"c/{{n}}","seq":{{n}}}""")]);
        for (var n = 0; n < flood; n++)
        {
            Assert.Equal(n < limit ? "0" : "429", (await flooder.ReadAsync($"answer {n}")).Field("code"));
            if (n % 1000 == 0) Assert.Equal("1", (await other.AskAsync("""{"command":"ping","seq":1}""")).Field("seq"));
        }

        await flooding;
        // Its subscriptions are given back when it has gone, which its own close frame says.
        await flooder.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Close, []));
        await flooder.ReadCloseAsync("the answer to its close frame");
        Assert.Equal("{}", (await other.AskAsync("""{"command":"channels","prefix":"c/","seq":2}""")).Field("value"));
    }

    [Fact]
    public async Task Publishing_to_sockets_that_were_reset_is_answered_and_the_others_get_everything()
    {
        const int victims = 50;
        await using var host = await HttpHost.StartAsync(plan =>
            plan.Rule("room", new ChannelOptions { JoinLeave = true }));
        var publisher = await host.ConnectAsync("publisher");
        var survivor = await host.ConnectAsync("survivor");
        await survivor.AskAsync(Subscribe);
        var dying = new Queue<WebSocketDriver>();
        for (var n = 0; n < victims; n++) dying.Enqueue(await host.ConnectAsync($"victim {n}"));
        foreach (var victim in dying) await victim.AskAsync(Subscribe);

        for (var n = 1; n <= 4 * victims; n++)
        {
            // What is published goes to those that just died, and to those that die of it.
            if (n % 4 == 0) dying.Dequeue().Kill();
            var answer = await publisher.AskAsync(
                $$"""{"command":"publish","key":"room","value":"{{new string('x', 5000)}}","seq":{{n}}}""");
            Assert.Equal("0", answer.Field("code"));
        }

        var (messages, leaves) = (0, 0);
        while (messages < 4 * victims || leaves < victims)
        {
            var heard = await survivor.ReadAsync("messages, and that the victims left");
            if (heard.Field("command") == "leave") leaves++;
            if (heard.Field("command") == "message") Assert.Equal($"{++messages}", heard.Field("offset"));
        }

        Assert.Equal(2, host.ConnectionCount);
    }

    // In turn: a WebSocket that is killed, a stream that is killed, half a handshake, and not a word.
    private static async Task OpenAndDropAsync(HttpHost host, int count)
    {
        for (var n = 0; n < count; n++)
        {
            switch (n % 4)
            {
                case 0:
                    await using (var socket = await WebSocketDriver.OpenAsync(host.EndPoint, $"client {n}", null))
                    {
                        await socket.ShakeHandsAsync();
                        await socket.AskAsync(Subscribe);
                        socket.Kill();
                    }

                    break;

                case 1:
                    using (var stream = await host.RawAsync())
                    {
                        await stream.SendAsync("GET /sse?channel=room HTTP/1.1");
                        await stream.ReadAsync("HTTP/1.1 200 OK".Length);
                        stream.Kill();
                    }

                    break;

                case 2:
                    using (var half = await host.RawAsync()) await half.SendRawAsync(WebSocketDriver.Request()[..50]);
                    break;

                default:
                    (await host.RawAsync()).Dispose();
                    break;
            }
        }
    }

    private static async Task ReadLeavesAsync(WebSocketDriver witness, int count)
    {
        while (count > 0)
        {
            var heard = await witness.ReadAsync("that all have left");
            if (heard.Field("command") == "leave") count--;
        }
    }
}
