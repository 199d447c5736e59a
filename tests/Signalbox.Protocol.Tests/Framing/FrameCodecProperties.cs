using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Signalbox.Fuzz;
using Signalbox.Protocol.Framing;

namespace Signalbox.Protocol.Tests.Framing;

public sealed class FrameCodecProperties
{
    private const int Limit = 1 << 20;

    [Fact]
    public void Any_cut_of_the_bytes_gives_the_same_frames() =>
        Prop.ForAll<byte[][], byte[]>((bodies, pieceSizes) =>
        {
            var sent = WithoutEmpty(bodies);

            var buffer = SegmentedBytes.Cut(Encode(sent), pieceSizes);

            Assert.Equal(sent, ReadAll(ref buffer));
            Assert.True(buffer.IsEmpty);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_prefix_gives_the_frames_that_are_whole_and_needs_more_data() =>
        Prop.ForAll<byte[][], byte[]>((bodies, pieceSizes) =>
        {
            var sent = WithoutEmpty(bodies);
            var bytes = Encode(sent);

            for (var length = 0; length <= bytes.Length; length++)
            {
                var buffer = SegmentedBytes.Cut(bytes.AsMemory(0, length), pieceSizes);

                var read = ReadAll(ref buffer);

                Assert.Equal(sent.Take(read.Count), read);
                Assert.Equal(length - Encode(read).Length, buffer.Length);
                Assert.True(
                    read.Count == sent.Count || buffer.Length < FrameCodec.PrefixSize + sent[read.Count].Length);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bytes_that_arrive_one_at_a_time_give_the_same_frames()
    {
        byte[][] sent = [[.. "one"u8], [.. "two"u8]];

        var buffer = SegmentedBytes.Cut(Encode(sent), [1]);

        Assert.Equal(sent, ReadAll(ref buffer));
    }

    private static List<byte[]> WithoutEmpty(byte[][] bodies) => [.. bodies.Where(body => body is { Length: > 0 })];

    private static byte[] Encode(IEnumerable<byte[]> bodies)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var body in bodies) FrameCodec.Write(output, body);
        return output.WrittenSpan.ToArray();
    }

    private static List<byte[]> ReadAll(ref ReadOnlySequence<byte> buffer)
    {
        List<byte[]> bodies = [];
        FrameStatus status;
        while ((status = FrameCodec.TryRead(ref buffer, Limit, out var body)) == FrameStatus.Complete)
        {
            bodies.Add(body.ToArray());
        }

        Assert.Equal(FrameStatus.NeedMoreData, status);
        return bodies;
    }
}
