using System.Buffers;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

public sealed class MqttPacketSizeTests
{
    // Header, flags, reason, the properties' length, and what is told in any case: receive maximum, maximum packet
    // size and topic alias maximum.
    private const int ConnAckBytes = 2 + 2 + 1 + 3 + 5 + 3;

    // Header, flags, reason and the length of no properties.
    private const int RefusalBytes = 2 + 2 + 1;

    // Header, packet identifier and the length of no properties; then a byte for each filter.
    private const int SubAckBytes = 2 + 2 + 1;

    [Fact]
    public async Task MQTT_3_1_2_24_Who_takes_no_CONNACK_of_the_length_that_is_needed_is_closed_and_takes_nothing_over()
    {
        await using var port = await MqttPort.StartAsync();
        var known = await port.ConnectAsync("a");

        var client = await port.OpenAsync();
        await client.SendAsync(Connect("a", ConnAckBytes - 1));

        await client.ReadEndAsync("the end");
        Assert.Empty(await known.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_1_2_24_Who_takes_just_the_CONNACK_that_is_needed_is_let_in()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.OpenAsync();

        var answer = await client.AskAsync(Connect("a", ConnAckBytes));

        Assert.Equal((MqttPacketType.ConnAck, MqttReasonCode.Success), (answer.Type, answer.Reason));
        Assert.Empty(await client.SyncAsync());
    }

    [Fact]
    public async Task MQTT_3_1_2_24_The_name_that_is_given_to_a_client_is_not_left_out()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.OpenAsync();

        await client.SendAsync(Connect("", ConnAckBytes));

        await client.ReadEndAsync("the end");
    }

    [Theory]
    [InlineData(RefusalBytes, true)]
    [InlineData(RefusalBytes - 1, false)]
    public async Task MQTT_3_1_2_24_A_refusal_is_told_to_who_takes_its_reason_alone(int maximum, bool isTold)
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.OpenAsync();

        await client.SendAsync(Connect("a", maximum, to => to.Add(MqttPropertyId.AuthenticationMethod, "none"u8)));

        if (isTold) Assert.Equal(MqttReasonCode.BadAuthenticationMethod, (await client.ReadAsync("CONNACK")).Reason);
        await client.ReadEndAsync("the end");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MQTT_3_1_2_24_More_filters_than_the_answer_has_room_for_end_the_connection_and_nothing_is_done(
        bool isSubscribe)
    {
        const int most = ConnAckBytes - SubAckBytes;
        await using var port = await MqttPort.StartAsync();
        var client = await port.OpenAsync();
        await client.AskAsync(Connect("a", ConnAckBytes, to => to.Add(MqttPropertyId.SessionExpiryInterval, 100)));
        await client.AskAsync(Subscribe(most));

        await client.SendAsync(isSubscribe ? Subscribe(most + 1) : Unsubscribe(most + 1));
        var end = await client.ReadAsync("DISCONNECT");
        await client.ReadEndAsync("the end");
        var back = await port.OpenAsync();
        await back.ConnectAsync("a", isClean: false, expiry: 100);
        var left = await back.AskAsync(Unsubscribe(most + 1));

        Assert.Equal((MqttPacketType.Disconnect, MqttReasonCode.PacketTooLarge), (end.Type, end.Reason));
        Assert.Equal([.. new byte[most], (byte)MqttReasonCode.NoSubscriptionExisted], left.Reasons);
    }

    private static Action<IBufferWriter<byte>> Connect(string name, int maximum, Action<MqttPropertyBuilder>? add = null)
    {
        var properties = Properties(to =>
        {
            to.Add(MqttPropertyId.MaximumPacketSize, (uint)maximum);
            add?.Invoke(to);
        });
        return new MqttConnect { Version = MqttVersion.V5, CleanStart = true, ClientId = Bytes(name), Properties = properties }.Write;
    }

    private static Action<IBufferWriter<byte>> Subscribe(int count) => output => MqttSubscribe.Write(
        output, MqttVersion.V5, 1, default, [.. Filters(count).Select(filter => new MqttSubscription { Filter = filter })]);

    private static Action<IBufferWriter<byte>> Unsubscribe(int count) =>
        output => MqttUnsubscribe.Write(output, MqttVersion.V5, 1, default, [.. Filters(count)]);

    private static IEnumerable<MqttTopicFilter> Filters(int count)
    {
        for (var i = 0; i < count; i++)
        {
            MqttTopicFilter.Read(MqttVersion.V5, Bytes($"filter/{i}"), out var filter);
            yield return filter;
        }
    }
}
