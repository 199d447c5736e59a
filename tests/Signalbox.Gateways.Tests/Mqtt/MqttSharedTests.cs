using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Gateways.Tests.Mqtt;

public sealed class MqttSharedTests
{
    [Fact]
    public async Task Messages_of_a_shared_subscription_go_to_its_members_in_turn_and_to_others_besides()
    {
        await using var port = await MqttPort.StartAsync();
        var (one, two) = (await port.ConnectAsync("one"), await port.ConnectAsync("two", MqttVersion.V311));
        await one.SubscribeAsync("$share/g/a/+", qos: 1);
        await two.SubscribeAsync("$share/g/a/+");
        var alone = await port.ConnectAsync("alone");
        await alone.SubscribeAsync("a/#");
        var writer = await port.ConnectAsync("writer");

        for (ushort i = 1; i <= 10; i++)
        {
            await writer.PublishAsync("a/b", $"{i}", qos: 1, id: i);
            await writer.ReadAsync("PUBACK");
        }

        // MQTT-4.8.2-3: to each at its own QoS.
        var (ofOne, ofTwo) = (await one.SyncAsync(), await two.SyncAsync());
        Assert.Equal(5, ofOne.Count);
        Assert.All(ofOne, text => Assert.EndsWith(" q1", text, StringComparison.Ordinal));
        Assert.Equal(5, ofTwo.Count);
        Assert.All(ofTwo, text => Assert.EndsWith(" q0", text, StringComparison.Ordinal));
        Assert.Equal(10, (await alone.SyncAsync()).Count);
    }

    [Fact]
    public async Task Whoever_is_left_gets_what_a_member_did_not_acknowledge_before_it_died()
    {
        await using var port = await MqttPort.StartAsync();
        var dying = await port.ConnectAsync("dying");
        await dying.SubscribeAsync("$share/g/a", qos: 1);
        var writer = await port.ConnectAsync("writer");
        for (ushort i = 1; i <= 3; i++) await writer.PublishAsync("a", $"{i}", qos: 1, id: i);
        await writer.SyncAsync();
        for (var i = 0; i < 3; i++) await dying.ReadAsync("a message");
        var other = await port.ConnectAsync("other");
        await other.SubscribeAsync("$share/g/a", qos: 1);

        dying.Drop();

        for (var i = 1; i <= 3; i++) Assert.Equal($"a={i} q1", (await other.ReadAsync("what was given back")).Text);
    }

    [Fact]
    public async Task MQTT_4_8_2_5_What_was_sent_at_QoS_2_goes_to_nobody_else()
    {
        await using var port = await MqttPort.StartAsync();
        var dying = await port.ConnectAsync("dying");
        await dying.SubscribeAsync("$share/g/a", qos: 2);
        var writer = await port.ConnectAsync("writer");
        await writer.PublishAsync("a", "1", qos: 2, id: 1);
        await dying.ReadAsync("the message");
        var other = await port.ConnectAsync("other");
        await other.SubscribeAsync("$share/g/a", qos: 2);

        await dying.DisconnectAsync();
        await dying.ReadEndAsync("the end");
        await writer.PublishAsync("a", "2", qos: 2, id: 2);

        Assert.Equal("a=2 q2", (await other.ReadAsync("the second")).Text);
    }

    [Fact]
    public async Task MQTT_4_8_2_4_A_lonely_member_gets_what_waits_when_it_is_back()
    {
        await using var port = await MqttPort.StartAsync();
        var member = await port.ConnectAsync("member", expiry: 100);
        await member.SubscribeAsync("$share/g/a", qos: 2);
        var writer = await port.ConnectAsync("writer");
        await writer.PublishAsync("a", "1", qos: 2, id: 1);
        var first = await member.ReadAsync("the message");
        await member.DisconnectAsync();
        await member.ReadEndAsync("the end");
        await writer.PublishAsync("a", "2", qos: 2, id: 2);
        await writer.SyncAsync();

        var back = await port.ConnectAsync("member", expiry: 100, isClean: false);

        var again = await back.ReadAsync("the first");
        Assert.Equal(("a=1 q2 again", first.PacketId), (again.Text, again.PacketId));
        Assert.Equal("a=2 q2", (await back.ReadAsync("the second")).Text);
    }

    [Fact]
    public async Task Leaving_a_shared_subscription_leaves_it_to_the_others()
    {
        await using var port = await MqttPort.StartAsync();
        var (one, two) = (await port.ConnectAsync("one"), await port.ConnectAsync("two"));
        await one.SubscribeAsync("$share/g/a");
        await two.SubscribeAsync("$share/g/a");

        Assert.Equal(MqttReasonCode.Success, await one.UnsubscribeAsync("$share/g/a"));
        for (var i = 0; i < 4; i++) await two.PublishAsync("a", $"{i}");

        Assert.Equal(4, (await two.SyncAsync()).Count);
        Assert.Empty(await one.SyncAsync());
    }

    [Fact]
    public async Task A_shared_subscription_has_no_retained_messages()
    {
        await using var port = await MqttPort.StartAsync();
        var one = await port.ConnectAsync("one");
        await one.PublishAsync("a", "v", retain: true);

        await one.SubscribeAsync("$share/g/#");

        Assert.DoesNotContain("a=v q0 retained", await one.SyncAsync());
    }
}
