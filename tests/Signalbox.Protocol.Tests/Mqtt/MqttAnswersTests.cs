using System.Buffers;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

/// <summary>CONNACK, the four acknowledgements, SUBACK, UNSUBACK, DISCONNECT, AUTH and the pings.</summary>
public sealed class MqttAnswersTests
{
    private const MqttSender Server = MqttSender.Server;

    [Theory]
    [InlineData("02 00 00")]
    [InlineData("81 00 00")]
    public void MQTT_3_2_2_1_Reserved_flags_of_CONNACK_are_zero(string body) =>
        Assert.Same(MqttErrors.ConnAckFlags, ErrorOf(MqttVersion.V5, Packet(0x20, body), Server));

    [Fact]
    public void MQTT_3_2_2_6_A_refusal_has_no_session()
    {
        Assert.Same(MqttErrors.SessionPresentInRefusal, ErrorOf(MqttVersion.V5, Packet(0x20, "01 87 00"), Server));
        Assert.Same(MqttErrors.SessionPresentInRefusal, ErrorOf(MqttVersion.V311, Packet(0x20, "01 05"), Server));
    }

    [Fact]
    public void A_reserved_code_is_refused_in_every_answer()
    {
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V5, Packet(0x20, "00 8B 00"), Server));
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V311, Packet(0x20, "00 06"), Server));
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V5, Packet(0x40, "00 01 92"), Server));
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V5, Packet(0x62, "00 01 10"), Server));
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V5, Packet(0x90, "00 01 00 00 03"), Server));
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V311, Packet(0x90, "00 01 87"), Server));
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V5, Packet(0xB0, "00 01 00 01"), Server));
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V5, Packet(0xE0, "9C")));
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V5, Packet(0xF0, "00 04 15 00 01 'm'")));
    }

    [Theory]
    [InlineData(MqttVersion.V31, "20 02 00 01")]
    [InlineData(MqttVersion.V311, "20 02 00 01")]
    [InlineData(MqttVersion.V5, "20 03 00 84 00")]
    public void MQTT_3_1_2_2_Each_version_refuses_in_its_own_words(MqttVersion version, string expected)
    {
        var output = new ArrayBufferWriter<byte>();

        new MqttConnAck { Reason = MqttReasonCode.UnsupportedProtocolVersion }.Write(output, version);

        Assert.Equal(Bytes(expected), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_session_from_before_cannot_be_told_in_3_1()
    {
        var output = new ArrayBufferWriter<byte>();

        new MqttConnAck { SessionPresent = true }.Write(output, MqttVersion.V31);

        Assert.Equal(Bytes("20 02 00 00"), output.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData("00 07", MqttReasonCode.Success)]
    [InlineData("00 07 00", MqttReasonCode.Success)]
    [InlineData("00 07 10", MqttReasonCode.NoMatchingSubscribers)]
    [InlineData("00 07 10 00", MqttReasonCode.NoMatchingSubscribers)]
    [InlineData("00 07 97 04 1F 00 01 '!'", MqttReasonCode.QuotaExceeded)]
    public void What_an_acknowledgement_leaves_out_is_success_and_no_properties(string body, MqttReasonCode expected)
    {
        Assert.Null(MqttAck.Read(MqttVersion.V5, MqttPacketType.PubAck, Bytes(body), out var ack));

        Assert.Equal((7, expected), (ack.PacketId, ack.Reason));
        Assert.Equal(body.Length > 20, ack.Properties.Has(MqttPropertyId.ReasonString));
    }

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x50)]
    [InlineData(0x62)]
    [InlineData(0x70)]
    public void An_acknowledgement_has_an_identifier_and_nothing_behind_its_end(byte first)
    {
        Assert.Same(MqttErrors.PacketIdZero, ErrorOf(MqttVersion.V5, Packet(first, "00 00")));
        Assert.Same(MqttErrors.Truncated, ErrorOf(MqttVersion.V5, Packet(first, "00")));
        Assert.Same(MqttErrors.TrailingBytes, ErrorOf(MqttVersion.V5, Packet(first, "00 01 00 00 00")));
        Assert.Same(MqttErrors.TrailingBytes, ErrorOf(MqttVersion.V311, Packet(first, "00 01 00")));
    }

    [Fact]
    public void Before_5_0_every_failed_subscription_is_the_same()
    {
        var output = new ArrayBufferWriter<byte>();

        new MqttSubAck { PacketId = 1, Reasons = Bytes("01 87 A2") }.Write(output, MqttVersion.V311);

        Assert.Equal(Bytes("90 05 00 01 01 80 80"), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Before_5_0_an_UNSUBACK_has_no_codes()
    {
        var output = new ArrayBufferWriter<byte>();

        new MqttUnsubAck { PacketId = 1, Reasons = Bytes("00 11") }.Write(output, MqttVersion.V311);

        Assert.Equal(Bytes("B0 02 00 01"), output.WrittenSpan.ToArray());
        Assert.Same(MqttErrors.TrailingBytes, ErrorOf(MqttVersion.V311, Packet(0xB0, "00 01 00"), Server));
    }

    [Theory]
    [InlineData(0x90)]
    [InlineData(0xB0)]
    public void An_answer_to_filters_has_a_code_for_each(byte first) =>
        Assert.Same(MqttErrors.Truncated, ErrorOf(MqttVersion.V5, Packet(first, "00 01 00"), Server));

    [Fact]
    public void MQTT_3_14_2_2_The_server_does_not_send_a_session_expiry()
    {
        var packet = Packet(0xE0, "00 05 11 00 00 00 01");

        Assert.Same(MqttErrors.PropertyNotSenders, ErrorOf(MqttVersion.V5, packet, Server));
        Assert.Null(ErrorOf(MqttVersion.V5, packet, MqttSender.Client));
    }

    [Fact]
    public void A_DISCONNECT_before_5_0_is_empty() =>
        Assert.Same(MqttErrors.TrailingBytes, ErrorOf(MqttVersion.V311, Packet(0xE0, "00")));

    [Fact]
    public void AUTH_has_a_method_unless_it_is_the_servers_mere_success()
    {
        Assert.Null(ErrorOf(MqttVersion.V5, Packet(0xF0, ""), Server));
        Assert.Same(MqttErrors.ReasonNotAllowed, ErrorOf(MqttVersion.V5, Packet(0xF0, "")));
        Assert.Same(MqttErrors.AuthenticationMethodMissing, ErrorOf(MqttVersion.V5, Packet(0xF0, "18 00")));
        Assert.Same(MqttErrors.Truncated, ErrorOf(MqttVersion.V5, Packet(0xF0, "18")));
        Assert.Null(ErrorOf(MqttVersion.V5, Packet(0xF0, "18 04 15 00 01 'm'")));
    }

    [Fact]
    public void A_ping_is_empty()
    {
        Assert.Same(MqttErrors.TrailingBytes, ErrorOf(MqttVersion.V5, Packet(0xC0, "00")));
        Assert.Same(MqttErrors.TrailingBytes, ErrorOf(MqttVersion.V311, Packet(0xD0, "00")));
    }
}
