using Signalbox.Core.Channels;
using Signalbox.Core.Storage;
using Signalbox.TestKit;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Order;

/// <summary>Answers keep the order of their commands, also while the disk takes its time.</summary>
public sealed class PipelineTests
{
    [Fact]
    public async Task Answers_that_wait_for_the_disk_and_those_that_do_not_come_in_the_order_of_the_commands()
    {
        var log = new HeldLog();
        await using var host = await DispatcherHost.StartAsync(plan => plan.Log = log);
        var client = await host.ConnectAsync();

        await client.SendAsync(
            """{"command":"set","key":"a","value":1,"seq":0}""",
            """{"command":"get","key":"a","seq":1}""",
            """{"command":"ping","seq":2}""",
            """{"command":"qpop","key":"empty","seq":3}""",
            """{"command":"fly","seq":4}""",
            """{"command":"qpush","key":"q","value":"x","seq":5}""",
            """{"command":"qpop","key":"q","seq":6}""",
            """{"command":"publish","key":"news","value":1,"seq":7}""",
            """{"command":"quota","key":"news","seq":8}""",
            """{"command":"set","key":"last","value":1,"seq":9}""");
        // The key, the queue with its item, the last key. Neither a hand-over nor a channel without durability is written.
        await log.AppendedAsync(4);
        log.Release();

        for (var n = 0; n < 10; n++) Assert.Equal($"{n}", (await client.ReadAsync($"answer {n}")).Field("seq"));
    }

    [Fact]
    public async Task Nothing_is_told_before_it_is_durable()
    {
        var log = new HeldLog();
        await using var host = await DispatcherHost.StartAsync(plan => plan.Log = log);
        var writer = await host.ConnectAsync("writer");
        var other = await host.ConnectAsync("other");

        await writer.SendAsync("""{"command":"set","key":"a","value":"new","seq":1}""");
        await log.AppendedAsync(1);
        await other.SendAsync("""{"command":"get","key":"a","seq":1}""", """{"command":"set","key":"b","value":1,"seq":2}""");
        await log.AppendedAsync(2);
        log.Release();

        Assert.Equal("0", (await writer.ReadAsync("the answer to the set")).Field("code"));
        Assert.Equal("new", (await other.ReadAsync("what the set has left")).Field("value"));
        Assert.Equal("2", (await other.ReadAsync("the answer to its own set")).Field("seq"));
    }

    [Fact]
    public async Task A_subscriber_hears_of_a_message_when_it_is_durable()
    {
        var log = new HeldLog();
        await using var host = await DispatcherHost.StartAsync(plan =>
        {
            plan.Log = log;
            plan.Rule("news", ChannelOptions.Default with { Durability = Durability.Always });
        });
        var subscriber = await host.ConnectAsync("subscriber");
        var publisher = await host.ConnectAsync("publisher");
        await subscriber.AskAsync("""{"command":"subscribe","key":"news","seq":1}""");

        await publisher.SendAsync("""{"command":"publish","key":"news","value":1,"seq":1}""");
        await log.AppendedAsync(2);
        Assert.Empty(await subscriber.SyncAsync("that nothing came before the flush"));
        log.Release();

        Assert.Equal("message", (await subscriber.ReadAsync("the message")).Field("command"));
        Assert.Equal("0", (await publisher.ReadAsync("the answer to the publish")).Field("code"));
    }

    [Fact]
    public async Task A_subscription_is_answered_before_its_messages_and_after_the_commands_before_it()
    {
        await using var host = await DispatcherHost.StartAsync();
        var publisher = await host.ConnectAsync("publisher");
        var client = await host.ConnectAsync();
        await publisher.AskAsync("""{"command":"publish","key":"news","value":1,"seq":1}""");

        await client.SendAsync(
            """{"command":"ping","seq":0}""",
            """{"command":"subscribe","key":"news","since":0,"seq":1}""",
            """{"command":"ping","seq":3}""");

        Assert.Equal("0", (await client.ReadAsync("the ping before")).Field("seq"));
        Assert.Equal("1", (await client.ReadAsync("the subscription")).Field("seq"));
        Assert.Equal("message", (await client.ReadAsync("what was missed")).Field("command"));
        Assert.Equal("3", (await client.ReadAsync("the ping behind")).Field("seq"));
    }

    [Fact]
    public async Task A_process_that_said_hello_can_be_addressed_as_soon_as_it_has_its_number()
    {
        await using var host = await DispatcherHost.StartAsync();
        var sender = await host.ConnectAsync("sender");
        for (var worker = 1; worker <= 100; worker++)
        {
            var process = await host.ConnectAsync($"worker {worker}");

            var gpid = (await process.AskAsync($"{{\"command\":\"hello\",\"server_id\":1,\"worker_id\":{worker},\"seq\":1}}")).Field("gpid");
            var published = await sender.AskAsync($"{{\"command\":\"publish\",\"key\":{gpid},\"value\":1,\"seq\":1}}");

            Assert.Equal("1", published.Field("published"));
            Assert.Equal(gpid, (await process.ReadAsync("the message to its number")).Field("key"));
        }
    }
}
