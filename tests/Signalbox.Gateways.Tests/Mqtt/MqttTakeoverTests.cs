using Signalbox.Gateways.Mqtt;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.TestKit;
using Signalbox.Transport;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>Connections of one client identifier, whichever of them is worked on first: the newest has the session.</summary>
public sealed class MqttTakeoverTests
{
    private const int Rounds = 100;

    private static readonly MqttWill Will = new() { Topic = Bytes("w"), Payload = Bytes("gone") };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task MQTT_3_1_4_3_MQTT_3_2_2_2_Who_connects_right_behind_the_CONNACK_of_another_has_the_session(
        bool isClean, bool isPresent)
    {
        await using var port = await MqttPort.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var name = $"lamp {round}";
            var first = await port.OpenAsync("first");
            var second = await port.OpenAsync("second");
            Assert.False((await first.ConnectAsync(name, isClean, expiry: 60)).SessionPresent);

            var answer = await second.ConnectAsync(name, isClean, expiry: 60);

            Assert.Equal(isPresent, answer.SessionPresent);
            Assert.Equal(MqttReasonCode.SessionTakenOver, (await first.ReadAsync("DISCONNECT")).Reason);
            Assert.Empty(await second.SyncAsync());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MQTT_3_1_4_3_Of_many_that_connect_at_once_one_stays_and_all_are_let_in(bool isClean)
    {
        await using var port = await MqttPort.StartAsync();
        for (var round = 0; round < Rounds / 10; round++)
        {
            var name = $"lamp {round}";
            var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => port.OpenAsync($"{number}")));

            var answers = await Task.WhenAll(all.Select(one => one.ConnectAsync(name, isClean, expiry: 60)));

            // Each but the first has found what the one before it left, unless it wanted none of that.
            Assert.Equal(isClean ? 0 : 7, answers.Count(answer => answer.SessionPresent));
            // The last of them to be let in is the only one that is answered.
            foreach (var one in all) await one.SendRawAsync(MqttPing.Request);
            var said = await Task.WhenAll(all.Select(one => one.ReadAsync("DISCONNECT, or the answer to a ping")));
            Assert.Equal(7, said.Count(packet => packet.Reason == MqttReasonCode.SessionTakenOver));
            Assert.Single(said, packet => packet.Type == MqttPacketType.PingResp);
        }
    }

    [Fact]
    public async Task MQTT_3_14_4_3_A_will_is_withdrawn_by_a_DISCONNECT_that_came_before_the_takeover_and_is_read_after_it_began()
    {
        Assert.SkipUnless(PollTransport.IsSupported && Environment.ProcessorCount > 1, "There is one loop, or none.");
        var thread = new HeldThread();
        await using var port = await MqttPort.StartAsync(plan => plan.Services = thread.Add);
        using var end = thread;
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("w");
        var newer = await port.OpenAsync("newer");
        var older = await port.OpenAsync("older");
        // Connections are given to the loops in turn: the reader and the older one are on one of them, the newer one is not.
        await older.ConnectAsync("lamp", change: connect => connect with { Will = Will });
        await port.Node.WhenPassedOnAsync();
        thread.HoldNext();

        await older.DisconnectAsync();
        thread.WaitUntilHeld(Token);
        var connecting = newer.ConnectAsync("lamp");
        thread.LetGo();

        await connecting;
        Assert.Empty(await reader.SyncAsync());
    }

    [Fact]
    public async Task A_connection_that_is_not_read_on_is_taken_over_after_a_second()
    {
        Assert.SkipUnless(PollTransport.IsSupported && Environment.ProcessorCount > 1, "There is one loop, or none.");
        var clock = new ManualClock();
        var thread = new HeldThread();
        await using var port = await MqttPort.StartAsync(plan =>
        {
            plan.Services = thread.Add;
            plan.Clock = clock;
            // Nobody knows how many timers are set until the newer one has been read.
            plan.Security.HelloTimeout = TimeSpan.FromDays(1);
        });
        using var end = thread;
        var other = await port.ConnectAsync("other");
        var newer = await port.OpenAsync("newer");
        var older = await port.ConnectAsync("lamp");
        await port.Node.WhenPassedOnAsync();
        thread.HoldNext();
        await older.SendRawAsync(MqttPing.Request);
        thread.WaitUntilHeld(Token);

        var connecting = newer.ConnectAsync("lamp");
        for (var seen = 0; !connecting.IsCompleted; await Task.Yield())
        {
            // One of them is what the newer one waits by.
            if (clock.TimersSet == seen) continue;

            seen = clock.TimersSet;
            clock.Pass(ReadOut.Longest);
        }

        await connecting;
        Assert.Empty(await newer.SyncAsync());
        thread.LetGo();
        Assert.Empty(await other.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_14_4_3_Who_says_goodbye_and_comes_back_at_once_leaves_no_will()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("w");
        for (var round = 0; round < Rounds; round++)
        {
            var older = await port.OpenAsync("older");
            var newer = await port.OpenAsync("newer");
            await older.ConnectAsync("lamp", change: connect => connect with { Will = Will });

            await older.DisconnectAsync();
            await newer.ConnectAsync("lamp");

            newer.Drop();
        }

        Assert.Empty(await reader.SyncAsync());
    }
}
