using System.Buffers;
using Signalbox.Fuzz;
using Signalbox.Protocol.Mqtt;
using static Signalbox.Protocol.Tests.Mqtt.MqttDriver;

namespace Signalbox.Protocol.Tests.Mqtt;

public sealed class MqttGoldenTests
{
    public static TheoryData<int, string> Golden() =>
        new(MqttGoldenPackets.All.Select((packet, i) => (i, $"{packet.Name} in {packet.Version}")));

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_packet_that_is_read_and_written_is_the_same_bytes(int index, string name)
    {
        var (_, version, sender, text) = MqttGoldenPackets.All[index];
        var bytes = Bytes(text);
        var output = new ArrayBufferWriter<byte>();

        Assert.Equal(MqttFrameStatus.Complete, Cut(version, bytes, out var frame, out _));
        var error = Rewrite(version, sender, frame.Type, frame.Flags, frame.Body.ToArray(), output);

        Assert.True(error is null, $"{name}: {error}");
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(output.WrittenSpan));
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_packet_whose_end_has_not_arrived_waits_wherever_it_was_cut(int index, string name)
    {
        var (_, version, _, text) = MqttGoldenPackets.All[index];
        var bytes = Bytes(text);

        for (var length = 0; length < bytes.Length; length++)
        {
            foreach (byte piece in new byte[] { 0, 1, 3 })
            {
                var buffer = SegmentedBytes.Cut(bytes.AsMemory(0, length), [piece]);

                var status = MqttFrameCodec.TryRead(ref buffer, version, Limit, out _, out var error);

                Assert.True(status == MqttFrameStatus.NeedMoreData && error is null, $"{name}, cut at {length}");
                Assert.Equal(length, buffer.Length);
            }
        }
    }

    // A shorter body may be a good packet of its own: then no more is written than was read, but for the header.
    [Theory]
    [MemberData(nameof(Golden))]
    public void A_body_that_lacks_its_end_is_an_error_or_a_shorter_packet(int index, string name)
    {
        var (_, version, sender, text) = MqttGoldenPackets.All[index];
        Cut(version, Bytes(text), out var frame, out _);
        var body = frame.Body.ToArray();

        for (var length = 0; length < body.Length; length++)
        {
            var output = new ArrayBufferWriter<byte>();

            var error = Rewrite(version, sender, frame.Type, frame.Flags, body.AsMemory(0, length), output);

            Assert.True(error is not null || output.WrittenCount <= length + 2, $"{name}, {length} bytes of the body");
        }
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_byte_behind_the_end_is_an_error_unless_it_is_of_a_payload(int index, string name)
    {
        var (_, version, sender, text) = MqttGoldenPackets.All[index];
        Cut(version, Bytes(text), out var frame, out _);
        byte[] body = [.. frame.Body.ToArray(), 0xFF];

        var error = Rewrite(version, sender, frame.Type, frame.Flags, body, output: null);

        Assert.True((error is null) == (frame.Type == MqttPacketType.Publish), name);
    }

    [Fact]
    public void There_is_a_golden_packet_of_every_type()
    {
        var types = MqttGoldenPackets.Packets.Select(packet => packet[0] >> 4).Distinct();

        Assert.Equal(Enumerable.Range(1, 15), types.Order());
    }
}
