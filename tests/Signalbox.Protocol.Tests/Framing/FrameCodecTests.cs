using System.Buffers;
using System.Buffers.Binary;
using Signalbox.Protocol.Framing;

namespace Signalbox.Protocol.Tests.Framing;

public sealed class FrameCodecTests
{
    private const int Limit = 100;

    [Fact]
    public void The_length_counts_its_own_four_bytes()
    {
        var output = new ArrayBufferWriter<byte>();

        FrameCodec.Write(output, "{}"u8);

        Assert.Equal([0, 0, 0, 6, (byte)'{', (byte)'}'], output.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_frame_that_was_begun_and_patched_is_like_one_that_was_written_whole()
    {
        var whole = new ArrayBufferWriter<byte>();
        FrameCodec.Write(whole, "{}"u8);
        var pieces = new ArrayBufferWriter<byte>();

        FrameCodec.Begin(pieces);
        pieces.Write("{"u8);
        pieces.Write("}"u8);
        var frame = pieces.WrittenSpan.ToArray();
        FrameCodec.PatchLength(frame);

        Assert.Equal(whole.WrittenSpan.ToArray(), frame);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(4u)]
    public void A_length_without_room_for_a_body_is_too_short(uint length) =>
        Assert.Equal(FrameStatus.TooShort, Read(Prefix(length)));

    [Theory]
    [InlineData(101u)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(0x8000_0000u)]
    [InlineData(0xFFFF_FFFFu)]
    public void A_length_above_the_limit_is_refused_before_its_body_arrives(uint length) =>
        Assert.Equal(FrameStatus.TooLarge, Read(Prefix(length)));

    [Theory]
    [InlineData(5u)]
    [InlineData(100u)]
    public void A_length_within_the_limit_waits_for_its_body(uint length) =>
        Assert.Equal(FrameStatus.NeedMoreData, Read(Prefix(length)));

    [Fact]
    public void The_limit_counts_the_whole_frame()
    {
        var output = new ArrayBufferWriter<byte>();
        FrameCodec.Write(output, new byte[Limit - FrameCodec.PrefixSize]);

        Assert.Equal(FrameStatus.Complete, Read(output.WrittenSpan.ToArray()));
    }

    [Fact]
    public void A_length_that_lies_leaves_the_buffer_as_it_was()
    {
        var buffer = new ReadOnlySequence<byte>(Prefix(3));

        FrameCodec.TryRead(ref buffer, Limit, out var body);

        Assert.Equal(4, buffer.Length);
        Assert.True(body.IsEmpty);
    }

    private static FrameStatus Read(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        return FrameCodec.TryRead(ref buffer, Limit, out _);
    }

    private static byte[] Prefix(uint length)
    {
        var prefix = new byte[FrameCodec.PrefixSize];
        BinaryPrimitives.WriteUInt32BigEndian(prefix, length);
        return prefix;
    }
}
