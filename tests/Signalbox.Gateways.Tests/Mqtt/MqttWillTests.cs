using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.TestKit;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

public sealed class MqttWillTests
{
    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task MQTT_3_1_2_8_MQTT_3_1_2_14_The_will_of_who_is_gone_without_a_word_is_published(MqttVersion version)
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader", version);
        await reader.SubscribeAsync("w", qos: 1);
        var client = await ConnectAsync(port, "a", version, new MqttWill { Topic = Bytes("w"), Payload = Bytes("gone"), Qos = MqttQos.AtLeastOnce });

        client.Drop();

        Assert.Equal("w=gone q1", (await reader.ReadAsync("the will")).Text);
    }

    [Fact]
    public async Task MQTT_3_14_4_3_MQTT_3_1_2_10_Who_says_goodbye_takes_its_will_along()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("w");
        var client = await ConnectAsync(port, "a", MqttVersion.V5, new MqttWill { Topic = Bytes("w"), Payload = Bytes("gone") });

        await client.DisconnectAsync();
        await client.ReadEndAsync("the end");

        Assert.Empty(await reader.SyncAsync());
    }

    [Fact]
    public async Task Who_says_goodbye_may_leave_its_will()
    {
        await using var port = await MqttPort.StartAsync();
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("w");
        var client = await ConnectAsync(port, "a", MqttVersion.V5, new MqttWill { Topic = Bytes("w"), Payload = Bytes("gone") });

        await client.DisconnectAsync(MqttReasonCode.DisconnectWithWill);

        Assert.Equal("w=gone q0", (await reader.ReadAsync("the will")).Text);
    }

    [Fact]
    public async Task MQTT_3_1_2_15_MQTT_3_1_3_10_A_retained_will_stays_with_all_it_says()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await ConnectAsync(port, "a", MqttVersion.V5, new MqttWill
        {
            Topic = Bytes("w"),
            Payload = Bytes("gone"),
            Retain = true,
            Properties = Properties(to => to.AddUser("b"u8, "1"u8).AddUser("a"u8, "2"u8)),
        });
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("w", change: one => one with { RetainAsPublished = true });

        client.Drop();

        var will = await reader.ReadAsync("the will");
        Assert.Equal("w=gone q0 retained", will.Text);
        Assert.Equal(["b=1", "a=2"], will.UserProperties());
    }

    [Fact]
    public async Task MQTT_3_1_3_9_A_will_waits_for_its_delay_and_is_forgotten_when_the_client_is_back()
    {
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan => plan.Clock = clock);
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("w");
        var will = new MqttWill
        {
            Topic = Bytes("w"),
            Payload = Bytes("gone"),
            Properties = Properties(to => to.Add(MqttPropertyId.WillDelayInterval, 10)),
        };

        var first = await ConnectAsync(port, "a", MqttVersion.V5, will, expiry: 100);
        await first.DisconnectAsync(MqttReasonCode.DisconnectWithWill);
        await first.ReadEndAsync("the end");
        clock.Pass(TimeSpan.FromSeconds(9));
        var second = await ConnectAsync(port, "a", MqttVersion.V5, will, expiry: 100);
        clock.Pass(TimeSpan.FromSeconds(9));
        Assert.Empty(await reader.SyncAsync());
        await second.DisconnectAsync(MqttReasonCode.DisconnectWithWill);
        await second.ReadEndAsync("the end");
        clock.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal("w=gone q0", (await reader.ReadAsync("the will")).Text);
    }

    [Fact]
    public async Task A_will_comes_with_the_end_of_the_session_where_that_is_sooner()
    {
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan => plan.Clock = clock);
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("w");
        var client = await ConnectAsync(port, "a", MqttVersion.V5, new MqttWill
        {
            Topic = Bytes("w"),
            Payload = Bytes("gone"),
            Properties = Properties(to => to.Add(MqttPropertyId.WillDelayInterval, 1000)),
        }, expiry: 5);

        await client.DisconnectAsync(MqttReasonCode.DisconnectWithWill);
        await client.ReadEndAsync("the end");
        clock.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal("w=gone q0", (await reader.ReadAsync("the will")).Text);
    }

    private static async Task<MqttTalker> ConnectAsync(MqttPort port, string name, MqttVersion version, MqttWill will, uint expiry = 0)
    {
        var client = await port.OpenAsync(name, version);
        await client.ConnectAsync(name, isClean: expiry == 0, expiry, connect => connect with { Will = will });
        // CONNACK goes out before the session is entered: a clock that moved now would find the client away.
        Assert.Empty(await client.SyncAsync());
        return client;
    }
}
