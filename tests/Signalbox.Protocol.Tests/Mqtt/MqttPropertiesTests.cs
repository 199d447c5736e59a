using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttPropertiesTests
{
    // Table 2-4 of the standard: places as the numbers of packet types, with 0 for the will; and a good value.
    public static TheoryData<byte, int[], string> Table() => new()
    {
        { 0x01, [0, 3], "01" },
        { 0x02, [0, 3], "00 00 00 00" },
        { 0x03, [0, 3], "00 03 'xml'" },
        { 0x08, [0, 3], "00 01 'r'" },
        { 0x09, [0, 3], "00 02 FF 00" },
        { 0x0B, [3, 8], "80 01" },
        { 0x11, [1, 2, 14], "FF FF FF FF" },
        { 0x12, [2], "00 01 'c'" },
        { 0x13, [2], "00 00" },
        { 0x15, [1, 2, 15], "00 01 'm'" },
        { 0x16, [1, 2, 15], "00 01 FF" },
        { 0x17, [1], "00" },
        { 0x18, [0], "00 00 00 01" },
        { 0x19, [1], "01" },
        { 0x1A, [2], "00 00" },
        { 0x1C, [2, 14], "00 01 's'" },
        { 0x1F, [2, 4, 5, 6, 7, 9, 11, 14, 15], "00 01 '!'" },
        { 0x21, [1, 2], "00 01" },
        { 0x22, [1, 2], "00 00" },
        { 0x23, [3], "00 01" },
        { 0x24, [2], "01" },
        { 0x25, [2], "00" },
        { 0x26, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15], "00 01 'n' 00 00" },
        { 0x27, [1, 2], "00 00 00 01" },
        { 0x28, [2], "00" },
        { 0x29, [2], "01" },
        { 0x2A, [2], "01" },
    };

    public static TheoryData<byte> UnknownIds() =>
        [.. Enumerable.Range(0, 128).Select(id => (byte)id).Except(Table().Select(row => row.Data.Item1))];

    [Theory]
    [MemberData(nameof(Table))]
    public void A_property_is_allowed_where_the_standards_table_says(byte id, int[] places, string value)
    {
        for (var place = 0; place <= 15; place++)
        {
            var error = Read($"{id:X2} {value}", (MqttPropertyPlaces)(1 << place), out var properties);

            Assert.Same(places.Contains(place) ? null : MqttErrors.PropertyUnknown, error);
            Assert.Equal(places.Contains(place), properties.Has((MqttPropertyId)id));
        }
    }

    [Theory]
    [MemberData(nameof(UnknownIds))]
    public void An_unknown_property_is_malformed(byte id) =>
        Assert.Same(MqttErrors.PropertyUnknown, Read($"{id:X2} 00", MqttPropertyPlaces.Publish, out _));

    [Fact]
    public void A_property_id_is_a_variable_byte_integer()
    {
        Assert.Same(MqttErrors.PropertyUnknown, Read("81 02 00", MqttPropertyPlaces.Publish, out _));
        Assert.Same(MqttErrors.VariableByteInteger, Read("81 00 00", MqttPropertyPlaces.Publish, out _));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Only_user_properties_and_a_messages_subscription_identifiers_repeat(byte id, int[] places, string value)
    {
        foreach (var place in places)
        {
            var mayRepeat = id == 0x26 || (id == 0x0B && place == (int)MqttPacketType.Publish);

            var error = Read($"{id:X2} {value} {id:X2} {value}", (MqttPropertyPlaces)(1 << place), out _);

            Assert.Same(mayRepeat ? null : MqttErrors.PropertyTwice, error);
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_property_that_is_cut_is_malformed(byte id, int[] places, string value)
    {
        var bytes = Bytes($"{id:X2} {value}");
        for (var length = 1; length < bytes.Length; length++)
        {
            var error = MqttProperties.Read(bytes.AsMemory(0, length), (MqttPropertyPlaces)(1 << places[0]), out _);

            Assert.Same(MqttErrors.Truncated, error);
        }
    }

    [Theory]
    [InlineData("21 00 00", MqttPacketType.Connect)]
    [InlineData("27 00 00 00 00", MqttPacketType.Connect)]
    [InlineData("17 02", MqttPacketType.Connect)]
    [InlineData("19 02", MqttPacketType.Connect)]
    [InlineData("0B 00", MqttPacketType.Subscribe)]
    [InlineData("01 02", MqttPacketType.Publish)]
    [InlineData("24 02", MqttPacketType.ConnAck)]
    [InlineData("25 02", MqttPacketType.ConnAck)]
    [InlineData("28 FF", MqttPacketType.ConnAck)]
    [InlineData("29 02", MqttPacketType.ConnAck)]
    [InlineData("2A 02", MqttPacketType.ConnAck)]
    public void A_value_out_of_its_range_is_a_protocol_error(string property, MqttPacketType type) =>
        Assert.Same(MqttErrors.PropertyValue, Read(property, (MqttPropertyPlaces)(1 << (int)type), out _));

    [Fact]
    public void MQTT_3_3_2_8_The_topic_alias_is_not_zero()
    {
        Assert.Same(MqttErrors.TopicAliasZero, Read("23 00 00", MqttPropertyPlaces.Publish, out _));
        Assert.Equal(MqttReasonCode.TopicAliasInvalid, MqttErrors.TopicAliasZero.Reason);
    }

    [Theory]
    [InlineData("26 00 01 FF 00 00")]
    [InlineData("26 00 00 00 01 FF")]
    [InlineData("26 00 01 00 00 00")]
    public void MQTT_1_5_7_1_Both_halves_of_a_pair_are_text(string property) =>
        Assert.Same(MqttErrors.NotUtf8, Read(property, MqttPropertyPlaces.Publish, out _));

    [Theory]
    [InlineData("08 00 03 ED A0 80")]
    [InlineData("08 00 01 00")]
    public void MQTT_3_3_2_13_The_response_topic_is_text(string property) =>
        Assert.Same(MqttErrors.NotUtf8, Read(property, MqttPropertyPlaces.Publish, out _));

    [Theory]
    [InlineData("08 00 01 '+'")]
    [InlineData("08 00 03 'a/#'")]
    [InlineData("08 00 00")]
    public void MQTT_3_3_2_14_The_response_topic_has_no_wildcard(string property)
    {
        Assert.Same(MqttErrors.ResponseTopic, Read(property, MqttPropertyPlaces.Publish, out _));
        Assert.Same(MqttErrors.ResponseTopic, Read(property, MqttPropertyPlaces.Will, out _));
    }

    [Fact]
    public void MQTT_3_3_2_19_The_content_type_is_text() =>
        Assert.Same(MqttErrors.NotUtf8, Read("03 00 01 FF", MqttPropertyPlaces.Publish, out _));

    [Fact]
    public void MQTT_3_3_2_18_User_properties_keep_their_order()
    {
        Assert.Null(Read(
            "26 00 01 'b' 00 01 '1' 01 01 26 00 01 'a' 00 01 '2' 26 00 01 'b' 00 01 '3'",
            MqttPropertyPlaces.Publish,
            out var properties));

        List<string> users = [];
        foreach (var property in properties)
        {
            if (property.Id == MqttPropertyId.UserProperty) users.Add($"{Text(property.Name)}={Text(property.Value)}");
        }

        Assert.Equal(["b=1", "a=2", "b=3"], users);
    }

    [Fact]
    public void What_was_built_is_read_again()
    {
        var built = new MqttPropertyBuilder()
            .Add(MqttPropertyId.PayloadFormatIndicator, 1)
            .Add(MqttPropertyId.TopicAlias, 513)
            .Add(MqttPropertyId.MessageExpiryInterval, 0x01020304)
            .Add(MqttPropertyId.SubscriptionIdentifier, MqttVarInt.Max)
            .Add(MqttPropertyId.ContentType, "text/plain"u8)
            .AddUser("n"u8, "v"u8)
            .Build();

        Assert.Null(MqttProperties.Read(built.Bytes, MqttPropertyPlaces.Publish, out var read));
        Assert.Equal(1u, read.NumberOf(MqttPropertyId.PayloadFormatIndicator));
        Assert.Equal(513u, read.NumberOf(MqttPropertyId.TopicAlias));
        Assert.Equal(0x01020304u, read.NumberOf(MqttPropertyId.MessageExpiryInterval));
        Assert.Equal(MqttVarInt.Max, read.NumberOf(MqttPropertyId.SubscriptionIdentifier));
        Assert.Equal("text/plain", Text(read.BytesOf(MqttPropertyId.ContentType)!.Value));
        Assert.Null(read.NumberOf(MqttPropertyId.ReceiveMaximum));
        Assert.Null(read.BytesOf(MqttPropertyId.CorrelationData));
        Assert.Equal("n", Text(First(built, MqttPropertyId.UserProperty).Name));
    }

    [Fact]
    public void MQTT_3_3_2_17_What_is_forwarded_is_all_but_what_each_leg_has_for_itself()
    {
        var received = Bytes(
            "01 01 02 00 00 00 05 23 00 07 26 00 01 'b' 00 01 '1' 03 00 01 't' 08 00 01 'r' 09 00 01 FF "
            + "26 00 01 'a' 00 01 '2'");
        Assert.Null(MqttProperties.Read(received, MqttPropertyPlaces.Publish, out var properties));

        var forwarded = new MqttPropertyBuilder().AddForwarded(properties).Build();

        Assert.Equal(
            Bytes("01 01 26 00 01 'b' 00 01 '1' 03 00 01 't' 08 00 01 'r' 09 00 01 FF 26 00 01 'a' 00 01 '2'"),
            forwarded.Bytes.ToArray());
    }

    private static MqttError? Read(string bytes, MqttPropertyPlaces place, out MqttProperties properties) =>
        MqttProperties.Read(Bytes(bytes), place, out properties);

    private static MqttProperty First(MqttProperties properties, MqttPropertyId id)
    {
        foreach (var property in properties)
        {
            if (property.Id == id) return property;
        }

        return default;
    }
}
