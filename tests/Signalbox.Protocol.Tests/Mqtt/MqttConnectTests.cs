using System.Buffers;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttConnectTests
{
    [Fact]
    public void Everything_in_it_is_read()
    {
        var connect = ReadGood(
            "00 04 'MQTT' 05 EE 00 0A 05 11 00 00 00 0A 00 01 'c' 05 18 00 00 00 07 00 03 'w/t' 00 02 FF 00 "
            + "00 01 'u' 00 02 'pw'");

        Assert.Equal((MqttVersion.V5, true, 10), (connect.Version, connect.CleanStart, connect.KeepAliveSeconds));
        Assert.Equal(10u, connect.Properties.NumberOf(MqttPropertyId.SessionExpiryInterval));
        Assert.Equal("c", Text(connect.ClientId));
        Assert.Equal(("u", "pw"), (Text(connect.UserName!.Value), Text(connect.Password!.Value)));
        var will = connect.Will!.Value;
        Assert.Equal((MqttQos.AtLeastOnce, true, "w/t"), (will.Qos, will.Retain, Text(will.Topic)));
        Assert.Equal([0xFF, 0x00], will.Payload.ToArray());
        Assert.Equal(7u, will.Properties.NumberOf(MqttPropertyId.WillDelayInterval));
    }

    [Theory]
    [InlineData("00 04 'MQTX' 05 02 00 0A 00 00 00", MqttVersion.None)]
    [InlineData("00 04 'mqtt' 05 02 00 0A 00 00 00", MqttVersion.None)]
    [InlineData("00 00 05", MqttVersion.None)]
    public void MQTT_3_1_2_1_Another_protocol_name_is_not_answered(string body, MqttVersion answerIn) =>
        Refuses(body, MqttErrors.ProtocolNameUnknown, answerIn);

    [Theory]
    [InlineData("00 04 'MQTT' 06 FF", MqttVersion.V5)]
    [InlineData("00 04 'MQTT' 7F 02 00 0A 00 00 00", MqttVersion.V5)]
    [InlineData("00 04 'MQTT' 85 02 00 0A 00 00 00", MqttVersion.V5)]
    [InlineData("00 04 'MQTT' 84 02 00 0A 00 00", MqttVersion.V311)]
    [InlineData("00 04 'MQTT' 03 02 00 0A 00 00", MqttVersion.V311)]
    [InlineData("00 04 'MQTT' 00 02 00 0A 00 00", MqttVersion.V311)]
    [InlineData("00 06 'MQIsdp' 83 02 00 0A 00 00", MqttVersion.V31)]
    [InlineData("00 06 'MQIsdp' 04 02 00 0A 00 00", MqttVersion.V31)]
    public void MQTT_3_1_2_2_Another_version_is_refused_in_words_it_may_know(string body, MqttVersion answerIn) =>
        Refuses(body, MqttErrors.ProtocolLevelUnknown, answerIn);

    [Theory]
    [InlineData("00 04 'MQTT' 05 03 00 0A 00 00 01 'c'", MqttVersion.V5)]
    [InlineData("00 04 'MQTT' 04 03 00 0A 00 01 'c'", MqttVersion.V311)]
    public void MQTT_3_1_2_3_The_reserved_connect_flag_must_be_zero(string body, MqttVersion version) =>
        Refuses(body, MqttErrors.ConnectFlagReserved, version);

    [Theory]
    [InlineData("00 04 'MQTT' 05 06 00 0A 00 00 01 'c'")]
    [InlineData("00 04 'MQTT' 05 06 00 0A 00 00 01 'c' 00")]
    [InlineData("00 04 'MQTT' 05 06 00 0A 00 00 01 'c' 00 00 01 'w'")]
    public void MQTT_3_1_2_9_The_will_flag_means_properties_topic_and_payload_of_a_will(string body) =>
        Refuses(body, MqttErrors.Truncated, MqttVersion.V5);

    [Theory]
    [InlineData("0A")]
    [InlineData("12")]
    public void MQTT_3_1_2_11_Without_a_will_its_QoS_is_zero(string flags) => RefusesFlags(flags);

    [Fact]
    public void MQTT_3_1_2_12_The_QoS_of_a_will_is_not_three() => RefusesFlags("1E");

    [Fact]
    public void MQTT_3_1_2_13_Without_a_will_its_retain_flag_is_zero() => RefusesFlags("22");

    [Fact]
    public void MQTT_3_1_2_16_Without_its_flag_there_is_no_user_name() =>
        Refuses("00 04 'MQTT' 05 02 00 0A 00 00 01 'c' 00 01 'u'", MqttErrors.TrailingBytes, MqttVersion.V5);

    [Fact]
    public void MQTT_3_1_2_17_With_its_flag_there_is_a_user_name() =>
        Refuses("00 04 'MQTT' 05 82 00 0A 00 00 01 'c'", MqttErrors.Truncated, MqttVersion.V5);

    [Fact]
    public void MQTT_3_1_2_18_Without_its_flag_there_is_no_password() =>
        Refuses("00 04 'MQTT' 05 82 00 0A 00 00 01 'c' 00 01 'u' 00 01 'p'", MqttErrors.TrailingBytes, MqttVersion.V5);

    [Fact]
    public void MQTT_3_1_2_19_With_its_flag_there_is_a_password() =>
        Refuses("00 04 'MQTT' 05 42 00 0A 00 00 01 'c'", MqttErrors.Truncated, MqttVersion.V5);

    [Fact]
    public void A_password_without_a_user_name_is_for_5_0_only()
    {
        var connect = ReadGood("00 04 'MQTT' 05 42 00 0A 00 00 01 'c' 00 01 'p'");

        Assert.Null(connect.UserName);
        Assert.Equal("p", Text(connect.Password!.Value));
        Refuses("00 04 'MQTT' 04 42 00 0A 00 01 'c' 00 01 'p'", MqttErrors.PasswordAlone, MqttVersion.V311);
        Refuses("00 06 'MQIsdp' 03 42 00 0A 00 01 'c' 00 01 'p'", MqttErrors.PasswordAlone, MqttVersion.V31);
    }

    [Fact]
    public void MQTT_3_1_3_1_The_payload_has_its_order()
    {
        var output = new ArrayBufferWriter<byte>();

        new MqttConnect
        {
            Version = MqttVersion.V5,
            ClientId = "id"u8.ToArray(),
            Will = new MqttWill { Topic = "t"u8.ToArray(), Payload = "m"u8.ToArray(), Qos = MqttQos.ExactlyOnce },
            UserName = "u"u8.ToArray(),
            Password = "p"u8.ToArray(),
        }.Write(output);

        Assert.Equal(
            Packet(0x10, "00 04 'MQTT' 05 D4 00 00 00 00 02 'id' 00 00 01 't' 00 01 'm' 00 01 'u' 00 01 'p'"),
            output.WrittenSpan.ToArray());
    }

    [Fact]
    public void MQTT_3_1_3_3_The_client_identifier_is_there() =>
        Refuses("00 04 'MQTT' 05 02 00 0A 00", MqttErrors.Truncated, MqttVersion.V5);

    [Theory]
    [InlineData("00 04 'MQTT' 05 02 00 0A 00 00 01 FF")]
    [InlineData("00 04 'MQTT' 05 02 00 0A 00 00 01 00")]
    public void MQTT_3_1_3_4_The_client_identifier_is_text(string body) =>
        Refuses(body, MqttErrors.NotUtf8, MqttVersion.V5);

    [Fact]
    public void MQTT_3_1_3_5_Letters_and_digits_of_23_bytes_are_a_client_identifier() =>
        Assert.Equal(
            "0123456789abcdefXYZABCz",
            Text(ReadGood("00 04 'MQTT' 05 02 00 0A 00 00 17 '0123456789abcdefXYZABCz'").ClientId));

    [Fact]
    public void An_empty_client_identifier_leaves_it_to_the_server_where_the_version_allows_it()
    {
        Assert.True(ReadGood("00 04 'MQTT' 05 00 00 0A 00 00 00").ClientId.IsEmpty);
        Assert.True(ReadGood("00 04 'MQTT' 04 02 00 0A 00 00").ClientId.IsEmpty);

        Refuses("00 04 'MQTT' 04 00 00 0A 00 00", MqttErrors.ClientIdEmpty, MqttVersion.V311);
        Refuses("00 06 'MQIsdp' 03 02 00 0A 00 00", MqttErrors.ClientIdLength, MqttVersion.V31);
    }

    [Fact]
    public void In_3_1_a_client_identifier_has_23_characters_at_most()
    {
        Assert.Equal(24, ReadGood("00 06 'MQIsdp' 03 02 00 0A 00 18 'ü123456789012345678901_'").ClientId.Length);

        Refuses(
            "00 06 'MQIsdp' 03 02 00 0A 00 18 '123456789012345678901234'", MqttErrors.ClientIdLength, MqttVersion.V31);
    }

    [Theory]
    [InlineData("00 01 FF")]
    [InlineData("00 03 ED BF BF")]
    [InlineData("00 01 00")]
    public void MQTT_3_1_3_11_The_will_topic_is_text(string topic) =>
        Refuses($"00 04 'MQTT' 05 06 00 0A 00 00 01 'c' 00 {topic} 00 00", MqttErrors.NotUtf8, MqttVersion.V5);

    [Fact]
    public void The_will_topic_is_a_topic_name()
    {
        Refuses("00 04 'MQTT' 05 06 00 0A 00 00 00 00 00 01 '#' 00 00", MqttErrors.TopicNameWildcard, MqttVersion.V5);
        Refuses("00 04 'MQTT' 05 06 00 0A 00 00 00 00 00 00 00 00", MqttErrors.TopicNameEmpty, MqttVersion.V5);
    }

    [Fact]
    public void MQTT_3_1_3_12_The_user_name_is_text() =>
        Refuses("00 04 'MQTT' 05 82 00 0A 00 00 01 'c' 00 01 FF", MqttErrors.NotUtf8, MqttVersion.V5);

    [Fact]
    public void MQTT_3_1_3_10_The_wills_user_properties_keep_their_order()
    {
        var connect = ReadGood(
            "00 04 'MQTT' 05 06 00 0A 00 00 00 0E 26 00 01 'b' 00 01 '1' 26 00 01 'a' 00 01 '2' 00 01 'w' 00 00");

        var forwarded = new MqttPropertyBuilder().AddForwarded(connect.Will!.Value.Properties).Build();

        Assert.Equal(Bytes("26 00 01 'b' 00 01 '1' 26 00 01 'a' 00 01 '2'"), forwarded.Bytes.ToArray());
    }

    [Fact]
    public void Authentication_data_needs_a_method()
    {
        Refuses("00 04 'MQTT' 05 02 00 0A 04 16 00 01 'd' 00 00", MqttErrors.AuthenticationDataAlone, MqttVersion.V5);

        Assert.NotNull(
            ReadGood("00 04 'MQTT' 05 02 00 0A 08 16 00 01 'd' 15 00 01 'm' 00 00")
                .Properties.BytesOf(MqttPropertyId.AuthenticationMethod));
    }

    [Fact]
    public void A_will_that_is_not_the_text_it_claims_to_be_is_found_by_who_asks()
    {
        const string Front = "00 04 'MQTT' 05 06 00 0A 00 00 00 02 01 01 00 01 'w'";

        Assert.Null(ReadGood($"{Front} 00 02 'ok'").Will!.Value.CheckPayload());
        Assert.Same(MqttErrors.PayloadFormat, ReadGood($"{Front} 00 01 FF").Will!.Value.CheckPayload());
    }

    [Theory]
    [InlineData("00 06 'MQIsdp' 03 C2 00 0A 00 01 'c'", null, null)]
    [InlineData("00 06 'MQIsdp' 03 C2 00 0A 00 01 'c' 00 01 'u'", "u", null)]
    [InlineData("00 06 'MQIsdp' 03 C2 00 0A 00 01 'c' 00 01 'u' 00 01 'p'", "u", "p")]
    public void In_3_1_the_length_of_the_packet_takes_precedence_over_flags(string body, string? user, string? password)
    {
        var connect = ReadGood(body);

        Assert.Equal(user, connect.UserName is { } name ? Text(name) : null);
        Assert.Equal(password, connect.Password is { } secret ? Text(secret) : null);
    }

    [Fact]
    public void In_3_1_unused_flags_may_be_anything() =>
        Assert.Null(ReadGood("00 06 'MQIsdp' 03 3B 00 0A 00 01 'c'").Will);

    private static MqttConnect ReadGood(string body)
    {
        Assert.Null(MqttConnect.Read(Bytes(body), out var connect));
        return connect;
    }

    private static void Refuses(string body, MqttError expected, MqttVersion answerIn)
    {
        var error = MqttConnect.Read(Bytes(body), out var connect);

        Assert.Same(expected, error);
        Assert.Equal(answerIn, connect.Version);
    }

    private static void RefusesFlags(string flags)
    {
        Refuses($"00 04 'MQTT' 05 {flags} 00 0A 00 00 00 00 00 01 'w' 00 00", MqttErrors.WillFlags, MqttVersion.V5);
        Refuses($"00 04 'MQTT' 04 {flags} 00 0A 00 00 00 01 'w' 00 00", MqttErrors.WillFlags, MqttVersion.V311);
    }
}
