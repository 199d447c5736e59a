using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.TestKit;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

public sealed class MqttConnectTests
{
    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task MQTT_3_1_4_5_Whoever_connects_is_let_in_before_anything_else(MqttVersion version)
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.OpenAsync(version: version);

        var answer = await client.ConnectAsync("a");

        Assert.False(answer.SessionPresent);
    }

    [Fact]
    public async Task MQTT_3_1_0_1_The_first_packet_is_CONNECT()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.OpenAsync();

        await client.PublishAsync("a", "1");

        await client.ReadEndAsync("the end");
    }

    [Fact]
    public async Task MQTT_3_1_0_2_A_second_CONNECT_is_a_protocol_error()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");

        var answer = await client.AskAsync(new MqttConnect { Version = MqttVersion.V5, ClientId = Bytes("a") }.Write);

        Assert.Equal((MqttPacketType.Disconnect, MqttReasonCode.ProtocolError), (answer.Type, answer.Reason));
        await client.ReadEndAsync("the end");
    }

    [Fact]
    public async Task MQTT_3_1_2_2_Another_version_is_refused_and_closed()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.OpenAsync();

        await client.SendRawAsync(new byte[] { 0x10, 0x0D, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 9, 2, 0, 0, 0, 0, 0 });

        Assert.Equal(MqttReasonCode.UnsupportedProtocolVersion, (await client.ReadAsync("CONNACK")).Reason);
        await client.ReadEndAsync("the end");
    }

    [Fact]
    public async Task MQTT_3_1_2_22_Who_is_silent_for_one_and_a_half_keep_alives_is_closed()
    {
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan => plan.Clock = clock);
        var client = await port.OpenAsync();
        await client.ConnectAsync("a", change: connect => connect with { KeepAliveSeconds = 10 });

        clock.Pass(TimeSpan.FromSeconds(14));
        Assert.Empty(await client.SyncAsync());
        clock.Pass(TimeSpan.FromSeconds(14));
        Assert.Empty(await client.SyncAsync());
        clock.Pass(TimeSpan.FromSeconds(15));

        Assert.Equal(MqttReasonCode.KeepAliveTimeout, (await client.ReadAsync("DISCONNECT")).Reason);
    }

    [Fact]
    public async Task MQTT_3_1_3_6_MQTT_3_1_3_7_MQTT_3_2_2_16_Who_has_no_name_is_given_one_that_nobody_else_has()
    {
        await using var port = await MqttPort.StartAsync();
        var (one, other) = (await port.OpenAsync(), await port.OpenAsync());

        var first = (await one.ConnectAsync("")).TextOf(MqttPropertyId.AssignedClientIdentifier);
        var second = (await other.ConnectAsync("")).TextOf(MqttPropertyId.AssignedClientIdentifier);

        Assert.NotEqual(first, second);
        Assert.NotNull(first);
        Assert.Empty(await one.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_1_3_8_MQTT_3_1_4_6_A_refused_name_is_told_and_closed_and_nothing_behind_it_is_done()
    {
        await using var port = await MqttPort.StartAsync();
        var listener = await port.ConnectAsync("listener");
        await listener.SubscribeAsync("a");
        var client = await port.OpenAsync(version: MqttVersion.V311);

        await client.SendAsync(output =>
        {
            new MqttConnect { Version = MqttVersion.V311, CleanStart = false }.Write(output);
            new MqttPublish { Topic = Bytes("a"), Payload = Bytes("1") }.Write(output, MqttVersion.V311);
        });

        Assert.Equal(MqttReasonCode.ClientIdentifierNotValid, (await client.ReadAsync("CONNACK")).Reason);
        await client.ReadEndAsync("the end");
        Assert.Empty(await listener.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_1_2_9_Every_limit_is_told_in_CONNACK()
    {
        await using var port = await MqttPort.StartAsync(plan =>
        {
            plan.Mqtt.ReceiveMaximum = 7;
            plan.Mqtt.MaximumQos = 1;
            plan.Mqtt.RetainAvailable = false;
            plan.Mqtt.MaxPacketBytes = 1000;
            plan.Mqtt.TopicAliasMaximum = 3;
            plan.Mqtt.WildcardsAvailable = false;
            plan.Mqtt.SharedAvailable = false;
            plan.Mqtt.MaxKeepAlive = TimeSpan.FromSeconds(60);
            plan.Mqtt.MaxSessionExpiry = TimeSpan.FromSeconds(30);
        });
        var client = await port.OpenAsync();

        var told = (await client.ConnectAsync("a", expiry: 1000, change: connect => connect with { KeepAliveSeconds = 100 })).Properties;

        Assert.Equal(7u, told.NumberOf(MqttPropertyId.ReceiveMaximum));
        Assert.Equal(1u, told.NumberOf(MqttPropertyId.MaximumQos));
        Assert.Equal(0u, told.NumberOf(MqttPropertyId.RetainAvailable));
        Assert.Equal(1000u, told.NumberOf(MqttPropertyId.MaximumPacketSize));
        Assert.Equal(3u, told.NumberOf(MqttPropertyId.TopicAliasMaximum));
        Assert.Equal(0u, told.NumberOf(MqttPropertyId.WildcardSubscriptionAvailable));
        Assert.Equal(0u, told.NumberOf(MqttPropertyId.SharedSubscriptionAvailable));
        Assert.Equal(60u, told.NumberOf(MqttPropertyId.ServerKeepAlive));
        Assert.Equal(30u, told.NumberOf(MqttPropertyId.SessionExpiryInterval));
    }

    [Fact]
    public async Task MQTT_3_2_2_9_to_3_2_2_13_What_is_above_a_limit_is_refused_in_its_own_words()
    {
        await using var port = await MqttPort.StartAsync(plan =>
        {
            plan.Mqtt.MaximumQos = 1;
            plan.Mqtt.RetainAvailable = false;
            plan.Mqtt.WildcardsAvailable = false;
            plan.Mqtt.SharedAvailable = false;
        });
        var client = await port.ConnectAsync("a");
        Assert.Equal(MqttReasonCode.GrantedQos1, await client.SubscribeAsync("a", qos: 2));
        Assert.Equal(MqttReasonCode.WildcardSubscriptionsNotSupported, await client.SubscribeAsync("a/#"));
        Assert.Equal(MqttReasonCode.SharedSubscriptionsNotSupported, await client.SubscribeAsync("$share/g/a"));
        await client.PublishAsync("a", "1", qos: 2, id: 1);
        Assert.Equal(MqttReasonCode.QosNotSupported, (await client.ReadAsync("DISCONNECT")).Reason);

        var retaining = await port.ConnectAsync("b");
        await retaining.PublishAsync("a", "1", retain: true);
        Assert.Equal(MqttReasonCode.RetainNotSupported, (await retaining.ReadAsync("DISCONNECT")).Reason);

        Assert.Equal(MqttReasonCode.QosNotSupported, await RefusalOf(new MqttWill { Qos = MqttQos.ExactlyOnce, Topic = Bytes("w") }));
        Assert.Equal(MqttReasonCode.RetainNotSupported, await RefusalOf(new MqttWill { Retain = true, Topic = Bytes("w") }));

        async Task<MqttReasonCode> RefusalOf(MqttWill will)
        {
            var other = await port.OpenAsync();
            var connect = new MqttConnect { Version = MqttVersion.V5, CleanStart = true, ClientId = Bytes("w"), Will = will };
            return (await other.AskAsync(connect.Write)).Reason;
        }
    }

    [Fact]
    public async Task MQTT_4_12_0_1_An_authentication_method_is_refused_as_there_is_none()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.OpenAsync();
        var method = Properties(to => to.Add(MqttPropertyId.AuthenticationMethod, "SCRAM"u8));

        var answer = await client.AskAsync(new MqttConnect { Version = MqttVersion.V5, ClientId = Bytes("a"), Properties = method }.Write);

        Assert.Equal((MqttPacketType.ConnAck, MqttReasonCode.BadAuthenticationMethod), (answer.Type, answer.Reason));
        await client.ReadEndAsync("the end");
    }

    [Fact]
    public async Task MQTT_4_12_0_7_AUTH_without_a_method_is_a_protocol_error()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        var method = Properties(to => to.Add(MqttPropertyId.AuthenticationMethod, "SCRAM"u8));

        var answer = await client.AskAsync(new MqttAuth { Reason = MqttReasonCode.ReAuthenticate, Properties = method }.Write);

        Assert.Equal((MqttPacketType.Disconnect, MqttReasonCode.ProtocolError), (answer.Type, answer.Reason));
    }

    [Fact]
    public async Task MQTT_3_12_4_1_A_ping_is_answered()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");

        await client.SendRawAsync(MqttPing.Request);

        Assert.Equal(MqttPacketType.PingResp, (await client.ReadAsync("PINGRESP")).Type);
    }

    [Fact]
    public async Task MQTT_4_13_1_1_A_malformed_packet_is_told_and_closes()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");

        await client.SendRawAsync(new byte[] { 0x36, 2, 0, 0 });

        Assert.Equal(MqttReasonCode.MalformedPacket, (await client.ReadAsync("DISCONNECT")).Reason);
        await client.ReadEndAsync("the end");
    }

    [Fact]
    public async Task MQTT_3_2_2_15_A_packet_above_the_maximum_is_refused_by_what_it_announces()
    {
        await using var port = await MqttPort.StartAsync(plan => plan.Mqtt.MaxPacketBytes = 100);
        var client = await port.ConnectAsync("a");

        await client.SendRawAsync(new byte[] { 0x30, 0xFF, 0x7F });

        Assert.Equal(MqttReasonCode.PacketTooLarge, (await client.ReadAsync("DISCONNECT")).Reason);
    }

    [Fact]
    public async Task Who_says_nothing_at_all_is_closed()
    {
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan => plan.Clock = clock);
        var other = await port.ConnectAsync("a");
        var client = await port.OpenAsync();
        // The other side of the connection is there when a later one was served.
        await (await port.ConnectAsync("b")).SyncAsync();

        clock.Pass(TimeSpan.FromSeconds(11));

        await client.ReadEndAsync("the end");
        Assert.Empty(await other.SyncAsync());
    }

    [Fact]
    public async Task A_stop_is_told()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");

        var stopping = port.StopAsync();

        Assert.Equal(MqttReasonCode.ServerShuttingDown, (await client.ReadAsync("DISCONNECT")).Reason);
        client.Drop();
        await stopping;
    }

    [Fact]
    public async Task Figures_of_the_server_are_there_for_whoever_asks_by_name_and_only_then()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");

        await client.SubscribeAsync("#");
        Assert.Empty(await client.SyncAsync());
        await client.SubscribeAsync("$SYS/broker/clients/+");

        Assert.Equal(["$SYS/broker/clients/connected=1 q0 retained", "$SYS/broker/clients/total=1 q0 retained"], await client.SyncAsync());
    }
}
