using Signalbox.Engine.Channels;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.TestKit;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>The server is killed, and its clients come back to the next one.</summary>
public sealed class MqttRestartTests
{
    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_subscription_that_was_acknowledged_is_there_after_a_kill(MqttVersion version)
    {
        await using var server = await MqttRestart.StartAsync();
        var reader = await server.Port.OpenAsync("reader", version);
        await reader.ConnectAsync("reader", isClean: false, Expiry(version));
        await reader.SubscribeAsync("a/+", qos: 1);

        await server.KillAsync();
        var back = await server.Port.OpenAsync("back", version);
        var answer = await back.ConnectAsync("reader", isClean: false, Expiry(version));
        await back.PublishAsync("a/b", "1", qos: 1, id: 1);

        Assert.True(answer.SessionPresent);
        Assert.Equal(["PubAck 1 00", "a/b=1 q1"], (await back.SyncAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_session_that_ends_with_its_connection_leaves_nothing_on_disk()
    {
        await using var server = await MqttRestart.StartAsync();
        var reader = await server.Port.ConnectAsync("reader");
        await reader.SubscribeAsync("a", qos: 2);
        await reader.PublishAsync("a", "1", qos: 2, id: 1);
        await reader.SyncAsync();

        await server.KillAsync();
        var back = await server.Port.OpenAsync("back");

        Assert.False((await back.ConnectAsync("reader", isClean: false)).SessionPresent);
        Assert.Empty(await server.Port.Engine.ListMqttSessionsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Who_connects_without_a_session_has_none_after_a_kill_either()
    {
        await using var server = await MqttRestart.StartAsync();
        var reader = await server.Port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("a", qos: 1);
        var again = await server.Port.ConnectAsync("reader", expiry: 0, isClean: false);
        await again.SubscribeAsync("b", qos: 1);
        // Somebody whose session is kept: what was said before is on disk with what is said now.
        await (await server.Port.ConnectAsync("other", expiry: 100)).SubscribeAsync("c", qos: 1);

        await server.KillAsync();
        var back = await server.Port.OpenAsync("back");

        Assert.False((await back.ConnectAsync("reader", isClean: false)).SessionPresent);
    }

    [Fact]
    public async Task A_message_of_QoS_2_on_its_way_to_a_client_comes_once_though_the_server_is_killed_at_each_step()
    {
        await using var server = await MqttRestart.StartAsync();
        var reader = await server.Port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("a", qos: 2);
        await reader.PublishAsync("a", "1", qos: 2, id: 1);
        await reader.ReadAsync("PUBREC");
        var sent = await reader.ReadAsync("the message");
        Assert.Equal("a=1 q2", sent.Text);

        await server.KillAsync();
        var second = await server.Port.ConnectAsync("reader", expiry: 100, isClean: false);
        var again = await second.ReadAsync("the message again");
        Assert.Equal((sent.PacketId, "a=1 q2 again"), (again.PacketId, again.Text));
        await second.AckAsync(MqttPacketType.PubRec, sent.PacketId);
        Assert.Equal(MqttPacketType.PubRel, (await second.ReadAsync("PUBREL")).Type);

        await server.KillAsync();
        var third = await server.Port.ConnectAsync("reader", expiry: 100, isClean: false);
        var release = await third.ReadAsync("PUBREL again");
        Assert.Equal((MqttPacketType.PubRel, sent.PacketId), (release.Type, release.PacketId));
        await third.AckAsync(MqttPacketType.PubComp, sent.PacketId);
        Assert.Empty(await third.SyncAsync());
    }

    [Fact]
    public async Task What_waits_for_a_client_that_is_away_is_there_after_a_kill()
    {
        await using var server = await MqttRestart.StartAsync();
        var reader = await server.Port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("#", qos: 1);
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");
        var writer = await server.Port.ConnectAsync("writer", expiry: 100);
        for (ushort i = 1; i <= 3; i++) await writer.PublishAsync("a", $"{i}", qos: 1, id: i);
        await writer.SyncAsync();
        // It is on disk soon; a subscription that is acknowledged is so with all before it.
        await writer.SubscribeAsync("z", qos: 1);

        await server.KillAsync();
        var back = await server.Port.ConnectAsync("reader", expiry: 100, isClean: false);

        Assert.Equal(["a=1 q1", "a=2 q1", "a=3 q1"], await back.SyncAsync());
    }

    [Fact]
    public async Task A_will_and_the_end_of_a_session_come_when_they_are_due_though_the_server_was_killed()
    {
        var clock = new ManualClock();
        await using var server = await MqttRestart.StartAsync(plan => plan.Clock = clock);
        var gone = await server.Port.OpenAsync("gone");
        await gone.ConnectAsync("gone", expiry: 100, change: connect => connect with
        {
            Will = new MqttWill
            {
                Topic = Bytes("wills"),
                Payload = Bytes("bye"),
                Properties = Properties(to => to.Add(MqttPropertyId.WillDelayInterval, 10)),
            },
        });
        await gone.SubscribeAsync("a", qos: 1);

        await server.KillAsync();
        var reader = await server.Port.ConnectAsync("reader");
        await reader.SubscribeAsync("wills");
        clock.Pass(TimeSpan.FromSeconds(9));
        Assert.Empty(await reader.SyncAsync());
        clock.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal("wills=bye q0", (await reader.ReadAsync("the will")).Text);
        clock.Pass(TimeSpan.FromSeconds(90));
        var back = await server.Port.OpenAsync("back");
        Assert.False((await back.ConnectAsync("gone", isClean: false)).SessionPresent);
    }

    [Fact]
    public async Task A_publish_at_QoS_2_is_there_once_though_the_server_is_killed_between_its_steps()
    {
        await using var server = await MqttRestart.StartAsync();
        var writer = await server.Port.ConnectAsync("writer", expiry: 100);
        await writer.PublishAsync("log/a", "1", qos: 2, id: 5);
        Assert.Equal("PubRec 5 10", (await writer.ReadAsync("PUBREC")).ToString());

        await server.KillAsync();
        writer = await server.Port.ConnectAsync("writer", expiry: 100, isClean: false);
        await writer.PublishAsync("log/a", "1", qos: 2, id: 5, isDuplicate: true);
        Assert.StartsWith("PubRec 5 ", (await writer.ReadAsync("PUBREC")).ToString(), StringComparison.Ordinal);
        await writer.AckAsync(MqttPacketType.PubRel, 5);
        Assert.Equal("PubComp 5 00", (await writer.ReadAsync("PUBCOMP")).ToString());

        await server.KillAsync();
        writer = await server.Port.ConnectAsync("writer", expiry: 100, isClean: false);
        await writer.PublishAsync("log/a", "2", qos: 2, id: 5);
        await writer.ReadAsync("PUBREC");

        Assert.Equal(["1", "2"], await HistoryAsync(server.Port));
    }

    private static async Task<IEnumerable<string>> HistoryAsync(MqttPort port)
    {
        var request = new HistoryRequest(Since: 0, Limit: 100, Reverse: false);
        var read = await port.Engine.Channel("log/a").HistoryAsync(request, CancellationToken.None);
        return read.Messages.Select(message => System.Text.Encoding.UTF8.GetString(message.Payload.Bytes.Span));
    }

    private static uint Expiry(MqttVersion version) => version == MqttVersion.V5 ? 100u : 0;
}
