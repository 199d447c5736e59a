using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.TestKit;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>A topic is a channel, whoever publishes and whoever reads.</summary>
public sealed class MqttPublishTests
{
    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task MQTT_4_3_1_1_A_message_of_QoS_0_reaches_whoever_subscribes(MqttVersion version)
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader", version);
        Assert.Equal(MqttReasonCode.Success, await reader.SubscribeAsync("a/+"));
        var writer = await port.ConnectAsync("writer", version);

        await writer.PublishAsync("a/b", "hello");

        Assert.Equal("a/b=hello q0", (await reader.ReadAsync("the message")).Text);
    }

    [Fact]
    public async Task MQTT_4_6_0_5_Messages_come_in_one_order_with_the_offsets_that_every_protocol_sees()
    {
        await using var port = await MqttPort.StartAsync();
        var device = await port.ConnectAsync("device");
        await device.SubscribeAsync("a");
        var json = await port.TalkJsonAsync();
        await json.AskAsync("""{"command":"subscribe","key":"a","seq":1}""");
        var (writer, jsonWriter) = (await port.ConnectAsync("writer"), await port.TalkJsonAsync("writer"));

        // Both at once: whatever order it becomes, it is everybody's.
        const int each = 20;
        for (var i = 0; i < each; i++)
        {
            await writer.PublishAsync("a", $"device {i}");
            await jsonWriter.SendAsync($$"""{"command":"publish","key":"a","value":"json {{i}}","seq":{{i}}}""");
        }

        var (ofDevice, ofJson) = (new List<string>(), new List<string>());
        for (var offset = 1; offset <= 2 * each; offset++)
        {
            ofDevice.Add((await device.ReadAsync("a message")).Text);
            var frame = await json.ReadAsync("a message");
            Assert.Equal($"{offset}", frame.Field("offset"));
            ofJson.Add($"a={frame.Field("value")} q0");
        }

        Assert.Equal(ofJson, [.. ofDevice.Select(text => text.Replace("q2", "q0", StringComparison.Ordinal))]);
    }

    [Fact]
    public async Task A_message_from_JSON_reaches_a_device_in_the_same_order_and_the_other_way_round()
    {
        await using var port = await MqttPort.StartAsync();
        var device = await port.ConnectAsync("device");
        await device.SubscribeAsync("a");
        var json = await port.TalkJsonAsync();
        await json.AskAsync("""{"command":"subscribe","key":"a","seq":1}""");

        await device.PublishAsync("a", "{\"t\":1}");
        Assert.Equal("a={\"t\":1} q0", (await device.ReadAsync("its own")).Text);
        var first = await json.ReadAsync("the device's");
        await (await port.TalkJsonAsync("writer")).AskAsync("""{"command":"publish","key":"a","value":"text","seq":1}""");
        var second = await json.ReadAsync("its own");

        Assert.Equal("a=text q0", (await device.ReadAsync("the text")).Text);
        Assert.Equal(("1", "{\"t\":1}"), (first.Field("offset"), first.Field("value")));
        Assert.Equal(("2", "text"), (second.Field("offset"), second.Field("value")));
    }

    [Fact]
    public async Task MQTT_3_3_2_4_15_16_17_18_20_Everything_that_is_said_beside_the_payload_is_passed_on_in_order()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("a");
        var json = await port.TalkJsonAsync();
        await json.AskAsync("""{"command":"subscribe","key":"a","seq":1}""");

        await reader.PublishAsync("a", "1", properties: Properties(to => to
            .Add(MqttPropertyId.PayloadFormatIndicator, 1)
            .Add(MqttPropertyId.ContentType, "text/plain"u8)
            .Add(MqttPropertyId.ResponseTopic, "answers/1"u8)
            .Add(MqttPropertyId.CorrelationData, [1, 2, 255])
            .AddUser("b"u8, "1"u8).AddUser("a"u8, "2"u8).AddUser("b"u8, "3"u8)));

        var got = await reader.ReadAsync("the message");
        Assert.Equal(1u, got.Properties.NumberOf(MqttPropertyId.PayloadFormatIndicator));
        Assert.Equal("text/plain", got.TextOf(MqttPropertyId.ContentType));
        Assert.Equal("answers/1", got.TextOf(MqttPropertyId.ResponseTopic));
        Assert.Equal([1, 2, 255], got.Properties.BytesOf(MqttPropertyId.CorrelationData)!.Value.ToArray());
        Assert.Equal(["b=1", "a=2", "b=3"], got.UserProperties());
        var seen = (await json.ReadAsync("the message")).Field("user");
        Assert.Contains("\"mqtt-content-type\":\"text/plain\"", seen, StringComparison.Ordinal);
        Assert.Contains("\"mqtt-correlation-data\":\"AQL/\"", seen, StringComparison.Ordinal);
        Assert.Contains("\"b\":[\"1\",\"3\"]", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_from_JSON_are_properties()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("a");
        var json = await port.TalkJsonAsync();

        await json.AskAsync("""{"command":"publish","key":"a","value":1,"user":{"x":"y","mqtt-response-topic":"r","mqtt-message-expiry":"60","nul":"\u0000"},"seq":1}""");

        var got = await reader.ReadAsync("the message");
        Assert.Equal("r", got.TextOf(MqttPropertyId.ResponseTopic));
        Assert.Equal(60u, got.Properties.NumberOf(MqttPropertyId.MessageExpiryInterval));
        Assert.Equal(["x=y"], got.UserProperties());
    }

    [Fact]
    public async Task MQTT_3_3_1_5_to_8_The_retained_message_is_the_channels_value_on_every_protocol()
    {
        await using var port = await MqttPort.StartAsync();
        var device = await port.ConnectAsync("device");
        var json = await port.TalkJsonAsync();

        await device.PublishAsync("s/1", "one", qos: 1, id: 1, retain: true);
        await device.ReadAsync("PUBACK");
        await device.PublishAsync("s/1", "not kept");
        await device.SyncAsync();
        await json.AskAsync("""{"command":"publish","key":"s/2","value":"two","retain":true,"seq":1}""");
        await device.SubscribeAsync("s/#", qos: 2);
        var values = await device.SyncAsync();
        await json.SendAsync("""{"command":"subscribe","key":"s/1","seq":2}""");
        await json.ReadAsync("the reply");
        var value = await json.ReadAsync("the value");
        await device.PublishAsync("s/1", "", retain: true);
        Assert.Equal("s/1= q0", (await device.ReadAsync("the removal")).Text);
        var late = await port.ConnectAsync("late");
        await late.SubscribeAsync("s/1");

        Assert.Equal(["s/1=one q1 retained", "s/2=two q2 retained"], values.Order(StringComparer.Ordinal));
        Assert.Equal(("one", "True"), (value.Field("value"), value.Field("retained")));
        Assert.Empty(await late.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_3_2_5_MQTT_3_3_2_6_The_expiry_that_is_sent_is_what_is_left_of_it_and_then_nothing()
    {
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan => plan.Clock = clock);
        var device = await port.ConnectAsync("device");
        var expiry = Properties(to => to.Add(MqttPropertyId.MessageExpiryInterval, 30));
        await device.PublishAsync("a", "1", retain: true, properties: expiry);
        await device.SyncAsync();

        clock.Pass(TimeSpan.FromSeconds(10));
        await device.SubscribeAsync("a");
        var left = (await device.ReadAsync("the value")).Properties.NumberOf(MqttPropertyId.MessageExpiryInterval);
        clock.Pass(TimeSpan.FromSeconds(20));
        await device.SubscribeAsync("a");

        Assert.Equal(20u, left);
        Assert.Empty(await device.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_3_2_7_MQTT_3_3_2_12_A_topic_alias_stands_for_its_topic_on_its_connection()
    {
        await using var port = await MqttPort.StartAsync(plan => plan.Mqtt.TopicAliasMaximum = 2);
        var device = await port.ConnectAsync("device");
        await device.SubscribeAsync("a");
        var alias = Properties(to => to.Add(MqttPropertyId.TopicAlias, 2));

        await device.PublishAsync("a", "1", properties: alias);
        await device.PublishAsync("", "2", properties: alias);
        Assert.Equal("a=1 q0", (await device.ReadAsync("the first")).Text);
        Assert.Equal("a=2 q0", (await device.ReadAsync("the second")).Text);
        var other = await port.ConnectAsync("other");
        await other.PublishAsync("", "3", properties: alias);

        Assert.Equal(MqttReasonCode.ProtocolError, (await other.ReadAsync("DISCONNECT")).Reason);
    }

    [Fact]
    public async Task MQTT_3_2_2_17_An_alias_above_the_maximum_closes()
    {
        await using var port = await MqttPort.StartAsync(plan => plan.Mqtt.TopicAliasMaximum = 2);
        var device = await port.ConnectAsync("device");

        await device.PublishAsync("a", "1", properties: Properties(to => to.Add(MqttPropertyId.TopicAlias, 3)));

        Assert.Equal(MqttReasonCode.TopicAliasInvalid, (await device.ReadAsync("DISCONNECT")).Reason);
    }

    [Fact]
    public async Task A_used_up_rate_limit_is_told_with_what_is_left()
    {
        await using var port = await MqttPort.StartAsync(
            plan => plan.Rule("limited/#", new ChannelOptions { RateLimit = 1, RateWindow = TimeSpan.FromSeconds(10) }));
        var device = await port.ConnectAsync("device");
        await device.PublishAsync("limited/a", "1", qos: 1, id: 1);
        await device.ReadAsync("PUBACK");

        await device.PublishAsync("limited/a", "2", qos: 1, id: 2);

        var refused = await device.ReadAsync("PUBACK");
        Assert.Equal(MqttReasonCode.QuotaExceeded, refused.Reason);
        Assert.Contains("remaining=0", refused.UserProperties());
    }

    [Fact]
    public async Task MQTT_3_1_2_29_Who_wants_no_reasons_gets_none()
    {
        await using var port = await MqttPort.StartAsync(plan => plan.Rule("json/#", new ChannelOptions { RequireJson = true }));
        var device = await port.OpenAsync();
        await device.ConnectAsync("a", change: connect => connect with
        {
            Properties = Properties(to => to.Add(MqttPropertyId.RequestProblemInformation, 0)),
        });

        await device.PublishAsync("json/a", "no", qos: 1, id: 1);

        var refused = await device.ReadAsync("PUBACK");
        Assert.Equal(MqttReasonCode.PayloadFormatInvalid, refused.Reason);
        Assert.True(refused.Properties.IsEmpty);
    }

    [Fact]
    public async Task MQTT_3_4_2_2_MQTT_3_5_2_2_MQTT_3_14_2_3_MQTT_3_2_2_19_Reasons_are_left_out_where_they_make_a_packet_too_large()
    {
        await using var port = await MqttPort.StartAsync(plan => plan.Rule("json/#", new ChannelOptions { RequireJson = true }));
        var device = await port.OpenAsync();
        await device.ConnectAsync("a", change: connect => connect with
        {
            Properties = Properties(to => to.Add(MqttPropertyId.MaximumPacketSize, 25)),
        });

        foreach (var qos in new[] { 1, 2 })
        {
            await device.PublishAsync("json/a", "no", qos, id: 1);
            var refused = await device.ReadAsync("the refusal");
            Assert.Equal((MqttReasonCode.PayloadFormatInvalid, true), (refused.Reason, refused.Properties.IsEmpty));
        }

        await device.SendRawAsync(new byte[] { 0x36, 2, 0, 0 });
        var end = await device.ReadAsync("DISCONNECT");
        Assert.Equal((MqttReasonCode.MalformedPacket, true), (end.Reason, end.Properties.IsEmpty));

        var refusedOne = await port.OpenAsync();
        var properties = Properties(to => to
            .Add(MqttPropertyId.MaximumPacketSize, 20).Add(MqttPropertyId.AuthenticationMethod, "none"u8));
        var answer = await refusedOne.AskAsync(
            new MqttConnect { Version = MqttVersion.V5, ClientId = Bytes("a"), Properties = properties }.Write);
        Assert.Equal((MqttReasonCode.BadAuthenticationMethod, true), (answer.Reason, answer.Properties.IsEmpty));
    }

    [Fact]
    public async Task A_topic_that_is_no_channels_name_is_refused()
    {
        await using var port = await MqttPort.StartAsync();
        var device = await port.ConnectAsync("device");

        foreach (var (topic, id) in new[] { (new string('x', 256), (ushort)1), ("$SYS/mine", (ushort)2) })
        {
            await device.PublishAsync(topic, "1", qos: 1, id: id);
            Assert.Equal(MqttReasonCode.TopicNameInvalid, (await device.ReadAsync("PUBACK")).Reason);
        }
    }

    [Fact]
    public async Task MQTT_3_1_2_24_MQTT_3_1_2_25_What_is_too_large_for_the_client_is_left_out_and_the_rest_goes_on()
    {
        await using var port = await MqttPort.StartAsync();
        var device = await port.OpenAsync();
        await device.ConnectAsync("a", change: connect => connect with
        {
            Properties = Properties(to => to.Add(MqttPropertyId.MaximumPacketSize, 50)),
        });
        await device.SubscribeAsync("q0");
        await device.SubscribeAsync("q1", qos: 1);
        var writer = await port.ConnectAsync("writer");

        foreach (var topic in new[] { "q0", "q1" })
        {
            await writer.PublishAsync(topic, new string('x', 100), qos: 1, id: 1);
            await writer.ReadAsync("PUBACK");
            await writer.PublishAsync(topic, "small", qos: 1, id: 1);
            await writer.ReadAsync("PUBACK");
        }

        Assert.Equal("q0=small q0", (await device.ReadAsync("the small one")).Text);
        Assert.Equal("q1=small q1", (await device.ReadAsync("the small one")).Text);
    }
}
