using System.Buffers;
using Signalbox.Fuzz;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttFrameCodecTests
{
    public static TheoryData<int> FirstBytes() => [.. Enumerable.Range(0, 256)];

    [Theory]
    [MemberData(nameof(FirstBytes))]
    public void MQTT_2_1_3_1_Reserved_header_flags_have_the_listed_values(int first)
    {
        var type = (MqttPacketType)(first >> 4);
        var isPublish = type == MqttPacketType.Publish;
        var isAsking = type is MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe;
        var expected = type == MqttPacketType.None ? MqttErrors.PacketTypeReserved
            : isPublish || (first & 0x0F) == (isAsking ? 2 : 0) ? null
            : MqttErrors.HeaderFlagsReserved;

        foreach (var version in new[] { MqttVersion.None, MqttVersion.V311, MqttVersion.V5 })
        {
            var isUnknown = type == MqttPacketType.Auth && version == MqttVersion.V311;
            Cut(version, [(byte)first], out _, out var error);

            Assert.Same(isUnknown ? MqttErrors.PacketTypeUnknown : expected, error);
        }
    }

    [Theory]
    [InlineData(0x60)]
    [InlineData(0x63)]
    public void MQTT_3_6_1_1_The_flags_of_PUBREL_are_0010(byte first) =>
        Assert.Same(MqttErrors.HeaderFlagsReserved, ErrorOf(MqttVersion.V5, Packet(first, "00 01")));

    [Theory]
    [InlineData(0x80)]
    [InlineData(0x8A)]
    public void MQTT_3_8_1_1_The_flags_of_SUBSCRIBE_are_0010(byte first) =>
        Assert.Same(MqttErrors.HeaderFlagsReserved, ErrorOf(MqttVersion.V5, Packet(first, "00 01 00 00 01 'a' 00")));

    [Theory]
    [InlineData(0xA0)]
    [InlineData(0xA6)]
    public void MQTT_3_10_1_1_The_flags_of_UNSUBSCRIBE_are_0010(byte first) =>
        Assert.Same(MqttErrors.HeaderFlagsReserved, ErrorOf(MqttVersion.V5, Packet(first, "00 01 00 00 01 'a'")));

    [Fact]
    public void MQTT_3_14_1_1_The_flags_of_DISCONNECT_are_zero() =>
        Assert.Same(MqttErrors.HeaderFlagsReserved, ErrorOf(MqttVersion.V5, Packet(0xE1, "")));

    [Fact]
    public void MQTT_3_15_1_1_The_flags_of_AUTH_are_zero() =>
        Assert.Same(MqttErrors.HeaderFlagsReserved, ErrorOf(MqttVersion.V5, Packet(0xF2, "18 00")));

    [Theory]
    [InlineData(0x8A)]
    [InlineData(0x6A)]
    [InlineData(0xC8)]
    public void In_3_1_the_flags_are_duplicates_or_unused(byte first) =>
        Assert.Equal(MqttFrameStatus.Complete, Cut(MqttVersion.V31, [first, 0], out _, out _));

    [Fact]
    public void Wrong_flags_are_refused_before_the_length_has_arrived() =>
        Assert.Equal(MqttFrameStatus.Broken, Cut(MqttVersion.V5, [0xC1], out _, out _));

    [Theory]
    [InlineData("30 80 80 80 80 01")]
    [InlineData("30 81 00")]
    public void MQTT_1_5_5_1_A_remaining_length_has_the_fewest_bytes(string bytes)
    {
        var status = Cut(MqttVersion.V5, Bytes(bytes), out _, out var error);

        Assert.Equal(MqttFrameStatus.Broken, status);
        Assert.Same(MqttErrors.VariableByteInteger, error);
    }

    [Theory]
    [InlineData("30 7F", 129, MqttFrameStatus.NeedMoreData)]
    [InlineData("30 7F", 128, MqttFrameStatus.Broken)]
    [InlineData("30 80 01", 131, MqttFrameStatus.NeedMoreData)]
    [InlineData("30 80 01", 130, MqttFrameStatus.Broken)]
    [InlineData("30 FF FF FF 7F", int.MaxValue, MqttFrameStatus.NeedMoreData)]
    [InlineData("30 FF FF FF 7F", 268_435_459, MqttFrameStatus.Broken)]
    public void The_limit_counts_the_whole_packet_and_is_held_against_what_is_announced(
        string front, int limit, MqttFrameStatus expected)
    {
        var buffer = new ReadOnlySequence<byte>(Bytes(front));

        var status = MqttFrameCodec.TryRead(ref buffer, MqttVersion.V5, limit, out _, out var error);

        Assert.Equal(expected, status);
        Assert.Same(expected == MqttFrameStatus.Broken ? MqttErrors.TooLarge : null, error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Packets_are_cut_wherever_the_network_cut_them(byte piece)
    {
        var stream = Bytes("C0 00 30 05 00 03 'a/b' 62 02 00 07");
        var buffer = SegmentedBytes.Cut(stream, [piece]);
        List<(MqttPacketType, byte, string)> packets = [];

        MqttFrame frame;
        while (MqttFrameCodec.TryRead(ref buffer, MqttVersion.V5, Limit, out frame, out _) == MqttFrameStatus.Complete)
        {
            packets.Add((frame.Type, frame.Flags, Convert.ToHexString(frame.Body.ToArray())));
        }

        Assert.Equal(
            [
                (MqttPacketType.PingReq, 0, ""),
                (MqttPacketType.Publish, 0, "0003612F62"),
                (MqttPacketType.PubRel, 2, "0007"),
            ],
            packets);
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void What_is_no_whole_packet_is_left_alone()
    {
        var buffer = new ReadOnlySequence<byte>(Bytes("30 05 00 03 'a/'"));

        var status = MqttFrameCodec.TryRead(ref buffer, MqttVersion.V5, Limit, out var frame, out var error);

        Assert.Equal(MqttFrameStatus.NeedMoreData, status);
        Assert.Equal(6, buffer.Length);
        Assert.Equal(default, frame);
        Assert.Null(error);
    }
}
