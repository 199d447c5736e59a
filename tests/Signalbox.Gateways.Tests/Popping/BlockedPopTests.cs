using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Popping;

/// <summary>An item goes to somebody who is there.</summary>
public sealed class BlockedPopTests
{
    private const string BlockedPop = """{"command":"qpop","key":"jobs","block":true,"seq":"pop"}""";
    private const string Push = """{"command":"qpush","key":"jobs","value":"work","seq":"push"}""";

    [Fact]
    public async Task A_blocked_pop_does_not_hold_up_what_comes_behind_it()
    {
        await using var host = await DispatcherHost.StartAsync();
        var worker = await host.ConnectAsync("worker");
        var pusher = await host.ConnectAsync("pusher");

        await worker.SendAsync(BlockedPop, """{"command":"set","key":"k","value":1,"seq":1}""", """{"command":"get","key":"k","seq":2}""");

        Assert.Equal("1", (await worker.ReadAsync("the answer to the set")).Field("seq"));
        Assert.Equal("2", (await worker.ReadAsync("the answer to the get")).Field("seq"));
        await pusher.AskAsync(Push);
        Assert.Equal("work", (await worker.ReadAsync("the item")).Field("value"));
    }

    [Fact]
    public async Task A_popper_that_was_killed_while_it_waited_swallows_nothing()
    {
        await using var host = await DispatcherHost.StartAsync();
        var pusher = await host.ConnectAsync("pusher");
        var heir = await host.ConnectAsync("heir");
        for (var round = 0; round < 200; round++)
        {
            var doomed = await host.ConnectAsync("doomed");
            await doomed.SendAsync(BlockedPop);
            await doomed.SyncAsync("the pop to be waiting");

            // At once: whether the server has noticed is a matter of luck, and must not matter.
            doomed.Kill();
            await pusher.AskAsync(Push);

            Assert.Equal("work", (await heir.AskAsync(BlockedPop)).Field("value"));
        }
    }

    [Fact]
    public async Task A_popper_that_left_in_good_order_swallows_nothing()
    {
        await using var host = await DispatcherHost.StartAsync(plan => plan.Rule("here", new ChannelOptions { JoinLeave = true }));
        var heir = await host.ConnectAsync("heir");
        await heir.AskAsync("""{"command":"subscribe","key":"here","seq":1}""");
        await heir.ReadAsync("that it joined itself");
        for (var round = 0; round < 50; round++)
        {
            var leaver = await host.ConnectAsync("leaver");
            await leaver.AskAsync("""{"command":"subscribe","key":"here","seq":1}""");
            await leaver.SendAsync(BlockedPop);
            await leaver.SyncAsync("the pop to be waiting");
            Assert.Equal("join", (await heir.ReadAsync("that the leaver came")).Field("command"));

            leaver.Close();
            Assert.Equal("leave", (await heir.ReadAsync("that the leaver left")).Field("command"));
            await heir.AskAsync(Push);

            Assert.Equal("work", (await heir.AskAsync(BlockedPop)).Field("value"));
        }
    }

    [Theory]
    [InlineData("\"block\":true")]
    [InlineData("\"block\":true,\"reserve\":60000")]
    public async Task An_item_whose_reply_the_peer_did_not_take_goes_back_to_its_place(string fields)
    {
        await using var host = await DispatcherHost.StartAsync();
        var pusher = await host.ConnectAsync("pusher");
        var doomed = new PipedConnection(host);
        await doomed.SendAsync($"{{\"command\":\"qpop\",\"key\":\"jobs\",{fields},\"seq\":1}}", """{"command":"ping","seq":2}""");
        Assert.Contains("\"seq\":2", await doomed.TakeAsync(), StringComparison.Ordinal);

        await pusher.AskAsync(Push);
        await pusher.AskAsync("""{"command":"qpush","key":"jobs","value":"next","seq":1}""");
        // It is on its way, and stays there.
        Assert.Contains("\"value\":\"work\"", await doomed.LookAsync(), StringComparison.Ordinal);
        await doomed.DieAsync();

        var first = await pusher.AskAsync(BlockedPop);
        Assert.Equal("work", first.Field("value"));
        Assert.Equal("0", first.Field("attempts"));
        Assert.Equal("next", (await pusher.AskAsync(BlockedPop)).Field("value"));
    }

    [Fact]
    public async Task An_item_whose_reply_stood_behind_another_goes_back_too()
    {
        await using var host = await DispatcherHost.StartAsync();
        var pusher = await host.ConnectAsync("pusher");
        await pusher.AskAsync(Push);
        var doomed = new PipedConnection(host);
        await doomed.SendAsync("""{"command":"ping","seq":1}""");
        await doomed.LookAsync();
        await doomed.SendAsync("""{"command":"qpop","key":"jobs","seq":2}""");

        await doomed.DieAsync();

        Assert.Equal("work", (await pusher.AskAsync(BlockedPop)).Field("value"));
    }

    [Fact]
    public async Task An_item_that_was_given_is_gone()
    {
        await using var host = await DispatcherHost.StartAsync();
        var pusher = await host.ConnectAsync("pusher");
        var worker = await host.ConnectAsync("worker");
        await worker.SendAsync(BlockedPop);
        await worker.SyncAsync("the pop to be waiting");

        await pusher.AskAsync(Push);
        Assert.Equal("work", (await worker.ReadAsync("the item")).Field("value"));
        worker.Kill();

        Assert.Equal("0", (await pusher.AskAsync("""{"command":"qcount","key":"jobs","seq":1}""")).Field("value"));
    }
}
