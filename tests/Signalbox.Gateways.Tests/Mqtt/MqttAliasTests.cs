using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Properties;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>Topic aliases on the way from the server to a client.</summary>
public sealed class MqttAliasTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task MQTT_3_3_2_8_A_topic_that_comes_again_comes_as_its_alias_at_every_QoS(int qos)
    {
        await using var port = await MqttPort.StartAsync();
        var device = await ConnectAsync(port, "device", aliases: 2);
        await device.SubscribeAsync("rooms/#", qos);
        var other = await port.ConnectAsync("other");

        foreach (var topic in new[] { "rooms/1", "rooms/2", "rooms/1", "rooms/2" }) await PublishAsync(other, topic, qos);

        Assert.Equal(["rooms/1 1", "rooms/2 2", " 1", " 2"], await ReadAsync(device, 4));
    }

    [Fact]
    public async Task MQTT_3_1_2_26_MQTT_3_3_2_11_No_alias_is_above_the_clients_maximum_and_the_first_topics_keep_theirs()
    {
        await using var port = await MqttPort.StartAsync();
        var device = await ConnectAsync(port, "device", aliases: 1);
        await device.SubscribeAsync("rooms/#");
        var other = await port.ConnectAsync("other");

        foreach (var topic in new[] { "rooms/1", "rooms/2", "rooms/2", "rooms/1" }) await PublishAsync(other, topic, qos: 0);

        Assert.Equal(["rooms/1 1", "rooms/2 ", "rooms/2 ", " 1"], await ReadAsync(device, 4));
    }

    [Fact]
    public async Task MQTT_3_1_2_27_Who_takes_no_aliases_gets_none()
    {
        await using var port = await MqttPort.StartAsync();
        var device = await port.ConnectAsync("device");
        await device.SubscribeAsync("rooms/#", qos: 1);
        var other = await port.ConnectAsync("other");

        for (var i = 0; i < 2; i++) await PublishAsync(other, "rooms/1", qos: 1);

        Assert.Equal(["rooms/1 ", "rooms/1 "], await ReadAsync(device, 2));
    }

    [Fact]
    public async Task The_server_may_be_set_to_give_fewer_aliases_than_a_client_takes()
    {
        await using var port = await MqttPort.StartAsync(plan => plan.Mqtt.MaxSentTopicAliases = 0);
        var device = await ConnectAsync(port, "device", aliases: 10);
        await device.SubscribeAsync("rooms/#");
        var other = await port.ConnectAsync("other");

        for (var i = 0; i < 2; i++) await PublishAsync(other, "rooms/1", qos: 0);

        Assert.Equal(["rooms/1 ", "rooms/1 "], await ReadAsync(device, 2));
    }

    [Fact]
    public async Task MQTT_3_3_2_7_What_is_sent_again_on_another_connection_says_its_topic_anew()
    {
        await using var port = await MqttPort.StartAsync();
        var device = await ConnectAsync(port, "device", aliases: 5);
        await device.SubscribeAsync("rooms/#", qos: 1);
        var other = await port.ConnectAsync("other");
        for (var i = 0; i < 3; i++) await PublishAsync(other, "rooms/1", qos: 1);
        await ReadAsync(device, 3);
        device.Drop();

        var again = await ConnectAsync(port, "device", aliases: 5);

        Assert.Equal(["rooms/1 1", " 1", " 1"], await ReadAsync(again, 3));
    }

    [Fact]
    public async Task The_value_of_a_new_subscription_tells_of_an_alias_too()
    {
        await using var port = await MqttPort.StartAsync();
        var other = await port.ConnectAsync("other");
        await other.PublishAsync("rooms/1", "1", retain: true);
        await other.SyncAsync();
        var device = await ConnectAsync(port, "device", aliases: 5);
        await device.SubscribeAsync("rooms/1");

        await PublishAsync(other, "rooms/1", qos: 0);

        Assert.Equal(["rooms/1 1", " 1"], await ReadAsync(device, 2));
    }

    [Fact]
    public async Task What_may_be_dropped_on_its_way_tells_of_no_alias_but_uses_one_that_is_known()
    {
        await using var port = await MqttPort.StartAsync(
            plan => plan.Rule("lossy/#", new ChannelOptions { SlowReader = SlowReaderPolicy.DropOldest }));
        var device = await ConnectAsync(port, "device", aliases: 5);
        await device.SubscribeAsync("lossy/#", qos: 1);
        var other = await port.ConnectAsync("other");

        foreach (var qos in new[] { 0, 0, 1, 0 }) await PublishAsync(other, "lossy/1", qos);

        Assert.Equal(["lossy/1 ", "lossy/1 ", "lossy/1 1", " 1"], await ReadAsync(device, 4));
    }

    [Fact]
    public async Task MQTT_3_1_2_24_A_packet_that_only_its_alias_makes_too_large_comes_without_it()
    {
        // Header, topic and properties' length of a packet with no payload; the alias would be three bytes more.
        const uint bytes = 2 + 2 + 11 + 1;
        await using var port = await MqttPort.StartAsync();
        var device = await port.OpenAsync("device");
        await device.ConnectAsync("device", change: connect => connect with
        {
            Properties = MqttTalker.Properties(
                to => to.Add(MqttPropertyId.MaximumPacketSize, bytes).Add(MqttPropertyId.TopicAliasMaximum, 5)),
        });
        await device.SubscribeAsync("rooms/10001");
        var other = await port.ConnectAsync("other");

        for (var i = 0; i < 2; i++) await PublishAsync(other, "rooms/10001", qos: 0, payload: "");

        Assert.Equal(["rooms/10001 ", "rooms/10001 "], await ReadAsync(device, 2));
    }

    private static async Task<MqttTalker> ConnectAsync(MqttPort port, string name, uint aliases)
    {
        var client = await port.OpenAsync(name);
        await client.ConnectAsync(name, isClean: false, change: connect => connect with
        {
            Properties = MqttTalker.Properties(
                to => to.Add(MqttPropertyId.SessionExpiryInterval, 60).Add(MqttPropertyId.TopicAliasMaximum, aliases)),
        });
        return client;
    }

    private static async Task PublishAsync(MqttTalker client, string topic, int qos, string payload = "1")
    {
        await client.PublishAsync(topic, payload, qos, (ushort)qos);
        if (qos > 0) await client.ReadAsync("the acknowledgement");
        if (qos == 2)
        {
            await client.AckAsync(MqttPacketType.PubRel, (ushort)qos);
            await client.ReadAsync("PUBCOMP");
        }

        await client.SyncAsync();
    }

    /// <returns>Of each message its topic and its alias, as they were written.</returns>
    private static async Task<List<string>> ReadAsync(MqttTalker client, int count)
    {
        var seen = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var packet = await client.ReadAsync($"message {i}");
            seen.Add($"{Encoding.UTF8.GetString(packet.Publish.Topic.Span)} {packet.Properties.NumberOf(MqttPropertyId.TopicAlias)}");
        }

        return seen;
    }
}
