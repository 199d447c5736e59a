using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.TestKit;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

public sealed class MqttSessionTests
{
    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task MQTT_3_1_2_5_MQTT_3_1_2_23_MQTT_4_5_0_1_A_session_waits_for_its_client_and_misses_nothing(MqttVersion version)
    {
        await using var port = await MqttPort.StartAsync();
        var expiry = version == MqttVersion.V5 ? 100u : 0;
        var reader = await port.OpenAsync("reader", version);
        Assert.False((await reader.ConnectAsync("reader", isClean: false, expiry)).SessionPresent);
        await reader.SubscribeAsync("a", qos: 1);
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");
        var json = await port.TalkJsonAsync();
        await json.AskAsync("""{"command":"publish","key":"a","value":"while away","seq":1}""");

        var back = await port.OpenAsync("back", version);
        var answer = await back.ConnectAsync("reader", isClean: false, expiry);

        Assert.True(answer.SessionPresent);
        Assert.Equal("a=while away q1", (await back.ReadAsync("what was missed")).Text);
    }

    [Fact]
    public async Task MQTT_3_1_2_4_MQTT_3_2_2_2_A_clean_start_begins_anew()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("a", qos: 1);
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");

        var back = await port.OpenAsync("back");
        var answer = await back.ConnectAsync("reader", isClean: true);
        await back.PublishAsync("a", "1");

        Assert.False(answer.SessionPresent);
        Assert.Empty(await back.SyncAsync());
    }

    [Fact]
    public async Task MQTT_4_1_0_2_A_session_ends_when_its_client_stays_away_for_too_long()
    {
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan => plan.Clock = clock);
        var reader = await port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("a", qos: 1);
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");

        clock.Pass(TimeSpan.FromSeconds(100));
        var back = await port.OpenAsync("back");
        var answer = await back.ConnectAsync("reader", isClean: false);

        Assert.False(answer.SessionPresent);
    }

    [Fact]
    public async Task MQTT_3_1_4_3_Who_connects_with_a_name_that_is_connected_takes_it_over()
    {
        await using var port = await MqttPort.StartAsync();
        var first = await port.ConnectAsync("a", expiry: 100);
        await first.SubscribeAsync("t", qos: 1);

        var second = await port.OpenAsync("second");
        var answer = await second.ConnectAsync("a", isClean: false, expiry: 100);
        await second.PublishAsync("t", "1", qos: 1, id: 1);

        Assert.Equal(MqttReasonCode.SessionTakenOver, (await first.ReadAsync("DISCONNECT")).Reason);
        await first.ReadEndAsync("the end");
        Assert.True(answer.SessionPresent);
        Assert.Equal(["PubAck 1 00", "t=1 q1"], (await second.SyncAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_that_take_over_from_each_other_leave_one()
    {
        await using var port = await MqttPort.StartAsync();
        var clients = new List<MqttTalker>();
        for (var i = 0; i < 20; i++) clients.Add(await port.OpenAsync($"{i}"));

        await Task.WhenAll(clients.Select(client => client.SendAsync(new MqttConnect
        {
            Version = MqttVersion.V5,
            ClientId = Bytes("same"),
            CleanStart = false,
            Properties = Properties(to => to.Add(MqttPropertyId.SessionExpiryInterval, 10)),
        }.Write)));

        var left = clients.ToDictionary(NextAsync);
        while (left.Count > 1)
        {
            var done = await Task.WhenAny(left.Keys);
            left.Remove(done);
            Assert.Equal(MqttPacketType.Disconnect, await done);
        }

        var (winning, winner) = left.Single();
        await winner.SendRawAsync(MqttPing.Request);
        Assert.Equal(MqttPacketType.PingResp, await winning);

        static async Task<MqttPacketType> NextAsync(MqttTalker client)
        {
            await client.ReadAsync("CONNACK");
            return (await client.ReadAsync("DISCONNECT or PINGRESP")).Type;
        }
    }

    [Fact]
    public async Task What_waits_is_bounded_and_the_oldest_goes_first()
    {
        await using var port = await MqttPort.StartAsync(plan => plan.Mqtt.MaxQueuedMessages = 3);
        var reader = await port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("a", qos: 1);
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");
        var writer = await port.ConnectAsync("writer");
        for (ushort i = 1; i <= 5; i++) await writer.PublishAsync("a", $"{i}", qos: 1, id: i);
        await writer.SyncAsync();

        var back = await port.ConnectAsync("reader", expiry: 100, isClean: false);

        Assert.Equal(["a=3 q1", "a=4 q1", "a=5 q1"], await back.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_14_2_2_Who_asked_for_no_session_cannot_keep_one_at_the_end()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");

        await client.DisconnectAsync(properties: Properties(to => to.Add(MqttPropertyId.SessionExpiryInterval, 10)));

        Assert.Equal(MqttReasonCode.ProtocolError, (await client.ReadAsync("DISCONNECT")).Reason);
    }

    [Fact]
    public async Task A_session_may_be_given_up_at_the_end()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a", expiry: 100);

        await client.DisconnectAsync(properties: Properties(to => to.Add(MqttPropertyId.SessionExpiryInterval, 0)));
        await client.ReadEndAsync("the end");
        var back = await port.OpenAsync();

        Assert.False((await back.ConnectAsync("a", isClean: false)).SessionPresent);
    }

    [Fact]
    public async Task Who_is_connected_is_present_and_who_is_away_is_not()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("device", expiry: 100);
        await client.SubscribeAsync("room");
        var json = await port.TalkJsonAsync();
        Assert.Contains("\"name\":\"device\"", await PresenceAsync(), StringComparison.Ordinal);

        await client.DisconnectAsync();
        await client.ReadEndAsync("the end");
        Assert.DoesNotContain("device", await PresenceAsync(), StringComparison.Ordinal);
        await (await port.ConnectAsync("device", expiry: 100, isClean: false)).SyncAsync();

        Assert.Contains("\"name\":\"device\"", await PresenceAsync(), StringComparison.Ordinal);

        Task<string> PresenceAsync() => json.AskAsync("""{"command":"presence","key":"room","seq":1}""");
    }
}
