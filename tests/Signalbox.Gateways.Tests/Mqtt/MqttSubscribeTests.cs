using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

public sealed class MqttSubscribeTests
{
    [Fact]
    public async Task MQTT_3_8_4_1_2_5_6_7_MQTT_3_9_3_1_Many_filters_have_one_answer_with_a_code_each_in_their_order()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");

        var answer = await client.AskAsync(output => MqttSubscribe.Write(
            output, MqttVersion.V5, 42, default, [To("a", 2), To("a\u0001b", 1), To("c/#", 1), To("d", 0)]));

        Assert.Equal(("SubAck 42 00 028F0100"), answer.ToString());
    }

    [Fact]
    public async Task MQTT_3_3_4_2_3_4_Overlapping_subscriptions_give_one_copy_at_the_highest_QoS_with_all_identifiers()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("a/b", qos: 0, identifier: 1);
        await client.SubscribeAsync("a/+", qos: 2, identifier: 2);
        await client.SubscribeAsync("#", qos: 1, identifier: 3);
        var writer = await port.ConnectAsync("writer");

        await writer.PublishAsync("a/b", "1", qos: 2, id: 1);

        var message = await client.ReadAsync("the message");
        Assert.Equal("a/b=1 q2", message.Text);
        Assert.Equal([1u, 2u, 3u], message.Identifiers().Order());
        Assert.Empty(await client.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_8_3_3_No_local_keeps_the_clients_own_messages_away()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("a", change: one => one with { NoLocal = true });
        var other = await port.ConnectAsync("b");

        await client.PublishAsync("a", "own");
        await client.SyncAsync();
        await other.PublishAsync("a", "other's");

        Assert.Equal("a=other's q0", (await client.ReadAsync("the other's")).Text);
    }

    [Fact]
    public async Task MQTT_3_3_1_12_MQTT_3_3_1_13_The_retain_flag_of_live_messages_is_kept_for_whoever_wants_it()
    {
        await using var port = await MqttPort.StartAsync();
        var plain = await port.ConnectAsync("plain");
        await plain.SubscribeAsync("a");
        var keeping = await port.ConnectAsync("keeping");
        await keeping.SubscribeAsync("a", change: one => one with { RetainAsPublished = true });
        var writer = await port.ConnectAsync("writer");

        await writer.PublishAsync("a", "1", retain: true);
        await writer.PublishAsync("a", "2");

        Assert.Equal("a=1 q0", (await plain.ReadAsync("1")).Text);
        Assert.Equal("a=1 q0 retained", (await keeping.ReadAsync("1")).Text);
        Assert.Equal("a=2 q0", (await keeping.ReadAsync("2")).Text);
    }

    [Fact]
    public async Task MQTT_3_3_1_9_10_11_MQTT_3_8_4_4_Retain_handling_says_when_the_value_is_sent()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        await client.PublishAsync("a", "v", retain: true);
        await client.SyncAsync();

        await client.SubscribeAsync("a", change: one => one with { RetainHandling = MqttRetainHandling.DoNotSend });
        Assert.Empty(await client.SyncAsync());
        await client.SubscribeAsync("a", change: one => one with { RetainHandling = MqttRetainHandling.SendIfNew });
        Assert.Empty(await client.SyncAsync());
        await client.SubscribeAsync("a");
        Assert.Equal(["a=v q0 retained"], await client.SyncAsync());
        await client.SubscribeAsync("+", change: one => one with { RetainHandling = MqttRetainHandling.SendIfNew });

        Assert.Equal(["a=v q0 retained"], await client.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_8_4_3_The_same_filter_again_replaces_the_subscription()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("a", qos: 0);
        await client.SubscribeAsync("a", qos: 1);
        var writer = await port.ConnectAsync("writer");

        await writer.PublishAsync("a", "1", qos: 1, id: 1);

        Assert.Equal("a=1 q1", (await client.ReadAsync("the message")).Text);
        Assert.Empty(await client.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_8_4_8_Messages_come_at_the_lower_of_published_and_granted_QoS()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        for (var qos = 0; qos <= 2; qos++) await client.SubscribeAsync($"most/{qos}", qos);
        var writer = await port.ConnectAsync("writer");

        var got = new List<string>();
        for (var qos = 0; qos <= 2; qos++)
        {
            for (var most = 0; most <= 2; most++)
            {
                await writer.PublishAsync($"most/{most}", $"{qos}", qos, id: (ushort)(qos == 0 ? 0 : most + (3 * qos)));
                got.Add((await client.ReadAsync("a message")).Text);
            }
        }

        Assert.Equal(
            ["most/0=0 q0", "most/1=0 q0", "most/2=0 q0", "most/0=1 q0", "most/1=1 q1", "most/2=1 q1", "most/0=2 q0", "most/1=2 q1", "most/2=2 q2"],
            got);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task MQTT_3_10_4_1_2_4_5_Unsubscribing_ends_the_equal_filter_and_is_answered_in_any_case(MqttVersion version)
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a", version);
        await client.SubscribeAsync("a/+");

        var other = await client.UnsubscribeAsync("a/b");
        await client.PublishAsync("a/b", "1");
        Assert.Equal("a/b=1 q0", (await client.ReadAsync("the message")).Text);
        var equal = await client.UnsubscribeAsync("a/+");
        await client.PublishAsync("a/b", "2");

        Assert.Empty(await client.SyncAsync());
        var isNew = version == MqttVersion.V5;
        Assert.Equal((isNew ? MqttReasonCode.NoSubscriptionExisted : default, MqttReasonCode.Success), (other, equal));
    }

    [Fact]
    public async Task MQTT_3_10_4_6_MQTT_3_11_3_1_Many_filters_are_left_with_one_answer_that_has_a_code_each_in_their_order()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("b");
        await client.SubscribeAsync("$share/g/c");

        var answer = await client.AskAsync(output => MqttUnsubscribe.Write(
            output, MqttVersion.V5, 42, default, [To("a", 0).Filter, To("b", 0).Filter, To("$share/g/c", 0).Filter]));

        Assert.Equal("UnsubAck 42 00 110000", answer.ToString());
    }

    [Fact]
    public async Task MQTT_3_10_4_3_A_delivery_that_has_begun_is_completed_after_unsubscribing()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("a", qos: 2);
        await client.PublishAsync("a", "1", qos: 2, id: 1);
        await client.ReadAsync("PUBREC");
        var message = await client.ReadAsync("the message");

        await client.UnsubscribeAsync("a");
        await client.AckAsync(MqttPacketType.PubRec, message.PacketId);

        Assert.Equal($"PubRel {message.PacketId} 00", (await client.ReadAsync("PUBREL")).ToString());
    }

    [Fact]
    public async Task MQTT_4_7_2_1_A_wildcard_first_does_not_see_the_systems_names()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("#");
        await client.SubscribeAsync("+/k");
        var json = await port.TalkJsonAsync();

        await json.AskAsync("""{"command":"set","key":"k","value":"1","seq":1}""");
        Assert.Empty(await client.SyncAsync());
        await client.SubscribeAsync("$kv/k");
        await json.AskAsync("""{"command":"set","key":"k","value":"2","seq":2}""");

        Assert.StartsWith("$kv/k=", (await client.ReadAsync("the change")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MQTT_4_7_3_4_Topics_are_compared_as_they_are()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.ConnectAsync("a");
        foreach (var topic in new[] { "A", "\u00E9", "/a", "a/" }) await client.SubscribeAsync(topic);

        foreach (var topic in new[] { "a", "e\u0301", "a", "/a", "\uFEFFA" }) await client.PublishAsync(topic, "1");

        Assert.Equal(["/a=1 q0"], await client.SyncAsync());
    }

    private static MqttSubscription To(string filter, int qos)
    {
        MqttTopicFilter.Read(MqttVersion.V5, Bytes(filter), out var read);
        return new MqttSubscription { Filter = read, Qos = (MqttQos)qos };
    }

    [Fact]
    public async Task MQTT_3_9_2_1_MQTT_3_9_2_2_Why_a_filter_is_refused_is_left_out_where_it_makes_a_packet_too_large()
    {
        await using var port = await MqttPort.StartAsync(plan => plan.Mqtt.SharedAvailable = false);
        var reader = await port.OpenAsync("reader");
        await reader.ConnectAsync("reader", change: connect => connect with
        {
            Properties = Properties(to => to.Add(MqttPropertyId.MaximumPacketSize, 25)),
        });

        var brief = await reader.AskAsync(output => MqttSubscribe.Write(output, MqttVersion.V5, 1, default, [To("$share/g/a", 1)]));
        var other = await port.ConnectAsync("other");
        var whole = await other.AskAsync(output => MqttSubscribe.Write(output, MqttVersion.V5, 1, default, [To("$share/g/a", 1)]));

        Assert.Equal(("SubAck 1 00 9E", true), (brief.ToString(), brief.Properties.IsEmpty));
        Assert.Equal(("SubAck 1 00 9E", false), (whole.ToString(), whole.Properties.IsEmpty));
    }

    [Fact]
    public async Task A_value_that_comes_while_somebody_subscribes_by_a_filter_comes_once()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader");
        var writer = await port.ConnectAsync("writer");

        for (var round = 0; round < 300; round++)
        {
            var subscribing = reader.SubscribeAsync($"{round}/#");
            await writer.PublishAsync($"{round}/a", "1", qos: 1, id: 1, retain: true);
            await subscribing;
            await writer.SyncAsync();
            await port.Node.WhenPassedOnAsync();

            Assert.Single(await reader.SyncAsync());
        }
    }
}
