using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

public sealed class MqttQosTests
{
    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task MQTT_4_3_2_4_MQTT_3_3_4_1_QoS_1_is_acknowledged_by_its_number(MqttVersion version)
    {
        await using var port = await MqttPort.StartAsync();
        var writer = await port.ConnectAsync("writer", version);
        var reader = await port.ConnectAsync("reader", version);
        await reader.SubscribeAsync("a", qos: 2);

        await writer.PublishAsync("a", "1", qos: 1, id: 77);

        Assert.Equal("PubAck 77 00", (await writer.ReadAsync("PUBACK")).ToString());
        Assert.Equal("a=1 q1", (await reader.ReadAsync("the message")).Text);
    }

    [Fact]
    public async Task MQTT_4_3_3_8_10_11_12_QoS_2_is_published_once_however_often_it_is_sent_until_it_is_released()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("a");
        var writer = await port.ConnectAsync("writer");

        for (var i = 0; i < 2; i++)
        {
            await writer.PublishAsync("a", "1", qos: 2, id: 5, isDuplicate: i > 0);
            Assert.Equal("PubRec 5 00", (await writer.ReadAsync("PUBREC")).ToString());
        }

        await writer.AckAsync(MqttPacketType.PubRel, 5);
        Assert.Equal("PubComp 5 00", (await writer.ReadAsync("PUBCOMP")).ToString());
        await writer.AckAsync(MqttPacketType.PubRel, 5);
        Assert.Equal("PubComp 5 92", (await writer.ReadAsync("PUBCOMP")).ToString());
        await writer.PublishAsync("a", "2", qos: 2, id: 5);
        Assert.Equal("PubRec 5 00", (await writer.ReadAsync("PUBREC")).ToString());

        Assert.Equal("a=1 q0", (await reader.ReadAsync("the first")).Text);
        Assert.Equal("a=2 q0", (await reader.ReadAsync("the second")).Text);
        Assert.Empty(await reader.SyncAsync());
    }

    [Fact]
    public async Task MQTT_4_3_3_10_QoS_2_is_published_once_though_the_connection_was_lost_in_between()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("a");
        var writer = await port.ConnectAsync("writer", expiry: 100);
        await writer.PublishAsync("a", "1", qos: 2, id: 5);
        Assert.Equal("a=1 q0", (await reader.ReadAsync("the message")).Text);
        writer.Drop();

        var back = await port.ConnectAsync("writer", expiry: 100, isClean: false);
        await back.PublishAsync("a", "1", qos: 2, id: 5, isDuplicate: true);

        Assert.Equal("PubRec 5 00", (await back.ReadAsync("PUBREC")).ToString());
        Assert.Empty(await reader.SyncAsync());
    }

    [Fact]
    public async Task MQTT_4_3_3_9_What_was_refused_may_be_sent_anew_with_its_number()
    {
        await using var port = await MqttPort.StartAsync(
            plan => plan.Rule("json", new Core.Channels.ChannelOptions { RequireJson = true }));
        var writer = await port.ConnectAsync("writer");

        await writer.PublishAsync("json", "no", qos: 2, id: 5);
        Assert.Equal("PubRec 5 99", (await writer.ReadAsync("PUBREC")).ToString());
        await writer.PublishAsync("json", "{}", qos: 2, id: 5);

        Assert.Equal("PubRec 5 10", (await writer.ReadAsync("PUBREC")).ToString());
    }

    [Fact]
    public async Task MQTT_4_3_3_4_MQTT_4_3_3_1_QoS_2_to_a_subscriber_goes_through_all_its_steps()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("a", qos: 2);
        var writer = await port.ConnectAsync("writer");

        await writer.PublishAsync("a", "1", qos: 2, id: 1);
        var message = await reader.ReadAsync("the message");
        await reader.AckAsync(MqttPacketType.PubRec, message.PacketId);
        var release = await reader.ReadAsync("PUBREL");
        await reader.AckAsync(MqttPacketType.PubComp, message.PacketId);

        Assert.Equal("a=1 q2", message.Text);
        Assert.Equal((MqttPacketType.PubRel, message.PacketId), (release.Type, release.PacketId));
        Assert.Empty(await reader.SyncAsync());
        await reader.AckAsync(MqttPacketType.PubRec, 1234);
        Assert.Equal("PubRel 1234 92", (await reader.ReadAsync("PUBREL")).ToString());
    }

    [Fact]
    public async Task MQTT_3_3_4_9_10_MQTT_4_9_0_2_3_No_more_is_sent_than_the_client_takes_and_all_else_goes_on()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.OpenAsync();
        await reader.ConnectAsync("reader", change: connect => connect with
        {
            Properties = Properties(to => to.Add(MqttPropertyId.ReceiveMaximum, 2)),
        });
        await reader.SubscribeAsync("a", qos: 1);
        await reader.SubscribeAsync("b");
        var writer = await port.ConnectAsync("writer");
        for (var i = 1; i <= 4; i++)
        {
            await writer.PublishAsync("a", $"{i}", qos: 1, id: (ushort)i);
            await writer.ReadAsync("PUBACK");
        }

        var first = await reader.ReadAsync("the first");
        await reader.ReadAsync("the second");
        await writer.PublishAsync("b", "in between");
        Assert.Equal("b=in between q0", (await reader.ReadAsync("QoS 0")).Text);
        Assert.Empty(await reader.SyncAsync());
        await reader.AckAsync(MqttPacketType.PubAck, first.PacketId);

        Assert.Equal("a=3 q1", (await reader.ReadAsync("the third")).Text);
        Assert.Empty(await reader.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_3_4_7_Who_sends_more_than_the_receive_maximum_is_closed()
    {
        await using var port = await MqttPort.StartAsync(plan => plan.Mqtt.ReceiveMaximum = 2);
        var writer = await port.ConnectAsync("writer");

        for (ushort id = 1; id <= 3; id++) await writer.PublishAsync("a", "1", qos: 2, id: id);

        await writer.ReadAsync("PUBREC");
        await writer.ReadAsync("PUBREC");
        Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, (await writer.ReadAsync("DISCONNECT")).Reason);
    }

    [Fact]
    public async Task MQTT_4_4_0_1_MQTT_3_3_1_1_What_was_not_acknowledged_is_sent_again_in_order_with_its_numbers()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("a", qos: 2);
        var writer = await port.ConnectAsync("writer");
        var ids = new List<ushort>();
        for (var i = 1; i <= 4; i++)
        {
            await writer.PublishAsync("a", $"{i}", qos: i % 2 == 0 ? 2 : 1, id: (ushort)i);
            await writer.ReadAsync("an answer");
            ids.Add((await reader.ReadAsync("a message")).PacketId);
        }

        await reader.AckAsync(MqttPacketType.PubAck, ids[0]);
        await reader.AckAsync(MqttPacketType.PubRec, ids[1]);
        await reader.ReadAsync("PUBREL");
        await reader.DisconnectAsync();
        await reader.ReadEndAsync("the end");
        await writer.PublishAsync("a", "5", qos: 1, id: 5);
        await writer.ReadAsync("PUBACK");
        var back = await port.OpenAsync("back");
        var answer = await back.ConnectAsync("reader", isClean: false, expiry: 100);

        Assert.True(answer.SessionPresent);
        Assert.Equal($"PubRel {ids[1]} 00", (await back.ReadAsync("PUBREL")).ToString());
        var (third, fourth, fifth) = (await back.ReadAsync("3"), await back.ReadAsync("4"), await back.ReadAsync("5"));
        Assert.Equal(("a=3 q1 again", ids[2]), (third.Text, third.PacketId));
        Assert.Equal(("a=4 q2 again", ids[3]), (fourth.Text, fourth.PacketId));
        Assert.Equal("a=5 q1", fifth.Text);
        Assert.Empty(await back.SyncAsync());
    }

    [Fact]
    public async Task MQTT_4_4_0_2_A_message_that_the_client_refuses_is_not_sent_again()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader", expiry: 100);
        await reader.SubscribeAsync("a", qos: 2);
        var writer = await port.ConnectAsync("writer");
        await writer.PublishAsync("a", "1", qos: 2, id: 1);
        var message = await reader.ReadAsync("the message");

        await reader.AckAsync(MqttPacketType.PubRec, message.PacketId, MqttReasonCode.QuotaExceeded);
        await reader.SyncAsync();
        reader.Drop();
        var back = await port.ConnectAsync("reader", expiry: 100, isClean: false);

        Assert.Empty(await back.SyncAsync());
    }
}
