using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttSubscribeTests
{
    [Fact]
    public void Everything_in_it_is_read()
    {
        var body = Bytes("00 0A 03 0B AC 02 00 03 'a/b' 2D 00 0A '$share/g/c' 1A");

        Assert.Null(MqttSubscribe.Read(MqttVersion.V5, body, out var packet));

        Assert.Equal((10, 2), (packet.PacketId, packet.Subscriptions.Count));
        Assert.Equal(300u, packet.Properties.NumberOf(MqttPropertyId.SubscriptionIdentifier));
        List<(string, MqttQos, bool, bool, MqttRetainHandling)> read = [];
        foreach (var one in packet.Subscriptions)
        {
            read.Add((Text(one.Filter.Filter), one.Qos, one.NoLocal, one.RetainAsPublished, one.RetainHandling));
        }

        Assert.Equal(
            [
                ("a/b", MqttQos.AtLeastOnce, true, true, MqttRetainHandling.DoNotSend),
                ("c", MqttQos.ExactlyOnce, false, true, MqttRetainHandling.SendIfNew),
            ],
            read);
    }

    [Fact]
    public void MQTT_2_2_1_3_The_packet_identifier_is_not_zero()
    {
        Assert.Same(MqttErrors.PacketIdZero, ErrorOf(MqttVersion.V5, Packet(0x82, "00 00 00 00 01 'a' 00")));
        Assert.Same(MqttErrors.PacketIdZero, ErrorOf(MqttVersion.V5, Packet(0xA2, "00 00 00 00 01 'a'")));
    }

    [Theory]
    [InlineData("FF")]
    [InlineData("00")]
    public void MQTT_3_8_3_1_A_filter_is_text(string character) =>
        Assert.Same(MqttErrors.NotUtf8, ErrorOf(MqttVersion.V5, Packet(0x82, $"00 01 00 00 01 {character} 00")));

    [Fact]
    public void MQTT_3_8_3_2_There_is_a_filter_and_its_options()
    {
        Assert.Same(MqttErrors.NoFilters, ErrorOf(MqttVersion.V5, Packet(0x82, "00 01 00")));
        Assert.Same(MqttErrors.NoFilters, ErrorOf(MqttVersion.V311, Packet(0x82, "00 01")));
        Assert.Same(MqttErrors.Truncated, ErrorOf(MqttVersion.V5, Packet(0x82, "00 01 00 00 01 'a'")));
    }

    [Fact]
    public void MQTT_3_8_3_4_A_shared_subscription_is_not_no_local()
    {
        Assert.Same(MqttErrors.SharedNoLocal, ErrorOf(MqttVersion.V5, Packet(0x82, "00 01 00 00 0A '$share/g/a' 04")));
        Assert.Null(ErrorOf(MqttVersion.V5, Packet(0x82, "00 01 00 00 0A '$share/g/a' 00")));
    }

    [Theory]
    [InlineData("40")]
    [InlineData("80")]
    [InlineData("C1")]
    public void MQTT_3_8_3_5_Reserved_options_are_zero(string options) =>
        Assert.Same(
            MqttErrors.SubscriptionOptionsReserved,
            ErrorOf(MqttVersion.V5, Packet(0x82, $"00 01 00 00 01 'a' {options}")));

    [Fact]
    public void Before_5_0_all_options_but_the_QoS_are_reserved()
    {
        var packet = Packet(0x82, "00 01 00 01 'a' 04");

        Assert.Same(MqttErrors.SubscriptionOptionsReserved, ErrorOf(MqttVersion.V311, packet));
        Assert.Null(ErrorOf(MqttVersion.V31, packet));
    }

    [Fact]
    public void The_QoS_of_a_subscription_is_not_three()
    {
        Assert.Same(MqttErrors.SubscriptionQos, ErrorOf(MqttVersion.V5, Packet(0x82, "00 01 00 00 01 'a' 03")));
        Assert.Same(MqttErrors.SubscriptionQos, ErrorOf(MqttVersion.V311, Packet(0x82, "00 01 00 01 'a' 03")));
        Assert.Same(MqttErrors.SubscriptionQos, ErrorOf(MqttVersion.V31, Packet(0x82, "00 01 00 01 'a' 03")));
    }

    [Fact]
    public void The_retain_handling_is_not_three() =>
        Assert.Same(MqttErrors.RetainHandling, ErrorOf(MqttVersion.V5, Packet(0x82, "00 01 00 00 01 'a' 30")));

    [Fact]
    public void Every_filter_is_looked_at()
    {
        var packet = Packet(0x82, "00 01 00 00 01 'a' 00 00 02 'a#' 00 00 01 'c' 00");

        Assert.Same(MqttErrors.FilterWildcard, ErrorOf(MqttVersion.V5, packet));
    }

    [Fact]
    public void MQTT_3_10_3_1_A_filter_to_unsubscribe_is_text() =>
        Assert.Same(MqttErrors.NotUtf8, ErrorOf(MqttVersion.V5, Packet(0xA2, "00 01 00 00 01 FF")));

    [Fact]
    public void MQTT_3_10_3_2_There_is_a_filter_to_unsubscribe()
    {
        Assert.Same(MqttErrors.NoFilters, ErrorOf(MqttVersion.V5, Packet(0xA2, "00 01 00")));
        Assert.Same(MqttErrors.NoFilters, ErrorOf(MqttVersion.V311, Packet(0xA2, "00 01")));
    }

    [Fact]
    public void Filters_to_unsubscribe_have_the_form_of_those_to_subscribe()
    {
        Assert.Same(MqttErrors.FilterEmpty, ErrorOf(MqttVersion.V5, Packet(0xA2, "00 01 00 00 00")));
        Assert.Same(MqttErrors.FilterWildcard, ErrorOf(MqttVersion.V5, Packet(0xA2, "00 01 00 00 02 '##'")));
        Assert.Same(MqttErrors.FilterShare, ErrorOf(MqttVersion.V5, Packet(0xA2, "00 01 00 00 08 '$share/g'")));
        Assert.Same(MqttErrors.Truncated, ErrorOf(MqttVersion.V5, Packet(0xA2, "00 01 00 00 01 'a' 00")));
    }
}
