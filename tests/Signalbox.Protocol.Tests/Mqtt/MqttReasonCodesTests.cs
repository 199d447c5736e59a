using System.Globalization;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttReasonCodesTests
{
    // The tables of each packet's section, and for 8C in DISCONNECT table 2-6.
    private const string Connect =
        "00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F";

    private const string Message = "00 10 80 83 87 90 91 97 99";
    private const string Release = "00 92";
    private const string Subscribe = "00 01 02 80 83 87 8F 91 97 9E A1 A2";
    private const string Unsubscribe = "00 11 80 83 87 8F 91";
    private const string ClientsEnd = "00 04 80 81 82 83 8C 90 93 94 95 96 97 98 99";

    private const string ServersEnd =
        "00 80 81 82 83 87 89 8B 8C 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1 A2";

    [Fact]
    public void MQTT_3_2_2_8_CONNACK_has_a_code_of_its_table() => Check(MqttPacketType.ConnAck, Connect);

    [Fact]
    public void MQTT_3_4_2_1_PUBACK_has_a_code_of_its_table() => Check(MqttPacketType.PubAck, Message);

    [Fact]
    public void MQTT_3_5_2_1_PUBREC_has_a_code_of_its_table() => Check(MqttPacketType.PubRec, Message);

    [Fact]
    public void MQTT_3_6_2_1_PUBREL_has_a_code_of_its_table() => Check(MqttPacketType.PubRel, Release);

    [Fact]
    public void MQTT_3_7_2_1_PUBCOMP_has_a_code_of_its_table() => Check(MqttPacketType.PubComp, Release);

    [Fact]
    public void MQTT_3_9_3_2_SUBACK_has_codes_of_its_table() => Check(MqttPacketType.SubAck, Subscribe);

    [Fact]
    public void MQTT_3_11_3_2_UNSUBACK_has_codes_of_its_table() => Check(MqttPacketType.UnsubAck, Unsubscribe);

    [Fact]
    public void MQTT_3_14_2_1_DISCONNECT_has_a_code_of_its_table_for_the_side_that_sends_it()
    {
        Check(MqttPacketType.Disconnect, ClientsEnd, MqttSender.Client);
        Check(MqttPacketType.Disconnect, ServersEnd, MqttSender.Server);
    }

    [Fact]
    public void MQTT_3_15_2_1_AUTH_has_a_code_of_its_table_for_the_side_that_sends_it()
    {
        Check(MqttPacketType.Auth, "18 19", MqttSender.Client);
        Check(MqttPacketType.Auth, "00 18", MqttSender.Server);
    }

    [Fact]
    public void Packets_without_a_reason_allow_none()
    {
        Check(MqttPacketType.Publish, "");
        Check(MqttPacketType.PingReq, "");
    }

    [Theory]
    [InlineData(MqttReasonCode.Success, 0)]
    [InlineData(MqttReasonCode.UnsupportedProtocolVersion, 1)]
    [InlineData(MqttReasonCode.ClientIdentifierNotValid, 2)]
    [InlineData(MqttReasonCode.ServerUnavailable, 3)]
    [InlineData(MqttReasonCode.BadUserNameOrPassword, 4)]
    [InlineData(MqttReasonCode.NotAuthorized, 5)]
    public void Return_codes_are_those_of_3_1_1(MqttReasonCode reason, byte code)
    {
        Assert.Equal(code, MqttReasonCodes.ReturnCodeOf(reason));
        Assert.Equal(reason, MqttReasonCodes.OfReturnCode(code));
    }

    [Fact]
    public void What_3_1_1_has_no_return_code_for_is_closed_without_a_word()
    {
        Assert.Null(MqttErrors.Truncated.ReturnCode);
        Assert.Null(MqttErrors.PasswordAlone.ReturnCode);
        Assert.Equal((byte)1, MqttErrors.ProtocolLevelUnknown.ReturnCode);
        Assert.Equal((byte)2, MqttErrors.ClientIdEmpty.ReturnCode);
        Assert.Null(MqttReasonCodes.OfReturnCode(6));
    }

    [Fact]
    public void Every_error_has_a_code_that_CONNACK_or_DISCONNECT_may_say()
    {
        foreach (var error in Errors())
        {
            var isSayable = error.Reason.IsAllowedIn(MqttPacketType.ConnAck, MqttSender.Server)
                || error.Reason.IsAllowedIn(MqttPacketType.Disconnect, MqttSender.Server);

            Assert.True(isSayable && error.Reason.IsFailure() && error.Sentence.EndsWith('.'), error.Sentence);
        }
    }

    [Fact]
    public void Every_error_has_a_sentence_of_its_own() =>
        Assert.Distinct(Errors().Select(error => error.Sentence));

    private static List<MqttError> Errors() =>
        [.. typeof(MqttErrors).GetFields().Select(field => (MqttError)field.GetValue(null)!)]; // They are static.

    private static void Check(MqttPacketType type, string codes, MqttSender sender = MqttSender.Server)
    {
        var expected = codes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(code => byte.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

        var allowed = Enumerable.Range(0, 256)
            .Where(code => ((MqttReasonCode)code).IsAllowedIn(type, sender))
            .Select(code => (byte)code);

        Assert.Equal(expected, allowed);
    }
}
