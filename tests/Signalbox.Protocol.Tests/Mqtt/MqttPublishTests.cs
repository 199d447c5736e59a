using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttPublishTests
{
    [Fact]
    public void Everything_in_it_is_read()
    {
        var body = Bytes("00 03 'a/b' 00 0A 02 01 01 'hi'");

        Assert.Null(MqttPublish.Read(MqttVersion.V5, MqttSender.Client, 0b1011, body, out var publish));

        Assert.Equal((true, MqttQos.AtLeastOnce, true), (publish.IsDuplicate, publish.Qos, publish.Retain));
        Assert.Equal(("a/b", 10, "hi"), (Text(publish.Topic), publish.PacketId, Text(publish.Payload)));
        Assert.Equal(1u, publish.Properties.NumberOf(MqttPropertyId.PayloadFormatIndicator));
    }

    [Theory]
    [InlineData("00 02 C0 80 00")]
    [InlineData("00 03 ED A0 80 00")]
    [InlineData("00 03 ED BF BF 00")]
    [InlineData("00 04 F4 90 80 80 00")]
    [InlineData("00 01 80 00")]
    public void MQTT_1_5_4_1_Text_is_well_formed_and_without_surrogates(string body) =>
        Assert.Same(MqttErrors.NotUtf8, ErrorOf(MqttVersion.V5, Packet(0x30, body)));

    [Theory]
    [InlineData("00 01 00 00")]
    [InlineData("00 03 'a' 00 'b' 00")]
    public void MQTT_1_5_4_2_Text_has_no_null_character(string body) =>
        Assert.Same(MqttErrors.NotUtf8, ErrorOf(MqttVersion.V5, Packet(0x30, body)));

    [Fact]
    public void MQTT_4_7_3_2_A_topic_has_no_null_character() =>
        Assert.Same(MqttErrors.NotUtf8, ErrorOf(MqttVersion.V311, Packet(0x30, "00 03 'a' 00 'b'")));

    [Fact]
    public void MQTT_1_5_4_3_A_byte_order_mark_is_kept()
    {
        var publish = Read("00 04 EF BB BF 'a' 00");

        Assert.Equal(Bytes("EF BB BF 'a'"), publish.Topic.ToArray());
    }

    [Fact]
    public void MQTT_2_2_1_2_At_QoS_0_there_is_no_packet_identifier()
    {
        var body = Bytes("00 01 'a' 00 0A");

        Assert.Null(MqttPublish.Read(MqttVersion.V311, MqttSender.Client, 0, body, out var publish));

        Assert.Equal(0, publish.PacketId);
        Assert.Equal([0x00, 0x0A], publish.Payload.ToArray());
    }

    [Theory]
    [InlineData(0x32)]
    [InlineData(0x34)]
    public void MQTT_2_2_1_3_The_packet_identifier_is_not_zero(byte first) =>
        Assert.Same(MqttErrors.PacketIdZero, ErrorOf(MqttVersion.V5, Packet(first, "00 01 'a' 00 00 00")));

    [Theory]
    [InlineData("00 01 'a'")]
    [InlineData("00 01 'a' 01")]
    [InlineData("00 01 'a' 80")]
    public void MQTT_2_2_2_1_The_length_of_the_properties_is_there_and_true(string body) =>
        Assert.Same(MqttErrors.Truncated, ErrorOf(MqttVersion.V5, Packet(0x30, body)));

    [Fact]
    public void MQTT_3_3_1_2_What_may_get_lost_is_no_duplicate()
    {
        Assert.Same(MqttErrors.DuplicateAtMostOnce, ErrorOf(MqttVersion.V5, Packet(0x38, "00 01 'a' 00")));
        Assert.Same(MqttErrors.DuplicateAtMostOnce, ErrorOf(MqttVersion.V311, Packet(0x38, "00 01 'a'")));
        Assert.Null(ErrorOf(MqttVersion.V31, Packet(0x38, "00 01 'a'")));
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void MQTT_3_3_1_4_The_QoS_is_not_three(MqttVersion version) =>
        Assert.Same(MqttErrors.QosReserved, ErrorOf(version, Packet(0x36, "00 01 'a' 00 01 00")));

    [Fact]
    public void MQTT_3_3_2_1_The_topic_comes_first() =>
        Assert.Same(MqttErrors.Truncated, ErrorOf(MqttVersion.V5, Packet(0x30, "00 09 'a'")));

    [Theory]
    [InlineData("'+'")]
    [InlineData("'#'")]
    [InlineData("'/'")]
    public void MQTT_3_3_2_2_The_topic_has_no_wildcard(string character)
    {
        var expected = character == "'/'" ? null : MqttErrors.TopicNameWildcard;

        Assert.Same(expected, ErrorOf(MqttVersion.V5, Packet(0x30, $"00 03 'a' {character} 'b' 00")));
        Assert.Same(expected, ErrorOf(MqttVersion.V311, Packet(0x30, $"00 03 'a' {character} 'b'")));
    }

    [Fact]
    public void MQTT_4_7_3_1_A_topic_has_a_character_unless_an_alias_stands_for_it()
    {
        Assert.Same(MqttErrors.TopicNameEmpty, ErrorOf(MqttVersion.V311, Packet(0x30, "00 00")));
        Assert.Same(MqttErrors.TopicNameEmpty, ErrorOf(MqttVersion.V5, Packet(0x30, "00 00 00")));
        Assert.Null(ErrorOf(MqttVersion.V5, Packet(0x30, "00 00 03 23 00 01")));
    }

    [Fact]
    public void MQTT_4_7_3_3_The_longest_topic_has_65535_bytes()
    {
        byte[] body = [0xFF, 0xFF, .. Enumerable.Repeat((byte)'a', 65_535)];

        Assert.Null(MqttPublish.Read(MqttVersion.V311, MqttSender.Client, 0, body, out var publish));

        Assert.Equal(65_535, publish.Topic.Length);
    }

    [Fact]
    public void MQTT_4_7_3_4_A_topic_is_not_normalised()
    {
        var publish = Read("00 05 'e' CC 81 '//' 00");

        Assert.Equal(Bytes("'e' CC 81 '//'"), publish.Topic.ToArray());
    }

    [Fact]
    public void MQTT_3_3_4_6_A_client_does_not_send_subscription_identifiers()
    {
        var packet = Packet(0x30, "00 01 'a' 04 0B 01 0B 02");

        Assert.Same(MqttErrors.PropertyNotSenders, ErrorOf(MqttVersion.V5, packet, MqttSender.Client));
        Assert.Null(ErrorOf(MqttVersion.V5, packet, MqttSender.Server));
    }

    [Fact]
    public void A_payload_that_is_not_the_text_it_claims_to_be_is_found_by_who_asks()
    {
        Assert.Same(MqttErrors.PayloadFormat, Read("00 01 'a' 02 01 01 FF").CheckPayload());
        Assert.Null(Read("00 01 'a' 02 01 01 'ok'").CheckPayload());
        Assert.Null(Read("00 01 'a' 02 01 00 FF").CheckPayload());
        Assert.Null(Read("00 01 'a' 00 FF").CheckPayload());
    }

    private static MqttPublish Read(string body)
    {
        Assert.Null(MqttPublish.Read(MqttVersion.V5, MqttSender.Client, 0, Bytes(body), out var publish));
        return publish;
    }
}
