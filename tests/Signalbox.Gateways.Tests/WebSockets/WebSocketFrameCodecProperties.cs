using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Signalbox.Fuzz;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.WebSockets;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Tests.WebSockets;

public sealed class WebSocketFrameCodecProperties
{
    private const int Limit = 1 << 20;

    [Fact]
    public void Any_cut_of_the_bytes_gives_the_same_payloads_without_their_masks() =>
        Prop.ForAll<byte[][], byte[], uint>((payloads, pieceSizes, mask) =>
        {
            var sent = WithoutNull(payloads);

            var buffer = SegmentedBytes.Cut(Encode(sent, mask), pieceSizes);

            Assert.Equal(sent, ReadAll(ref buffer));
            Assert.True(buffer.IsEmpty);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_prefix_gives_the_frames_that_are_whole_and_needs_more_data() =>
        Prop.ForAll<byte[][], byte[], uint>((payloads, pieceSizes, mask) =>
        {
            var sent = WithoutNull(payloads);
            var bytes = Encode(sent, mask);

            for (var length = 0; length <= bytes.Length; length++)
            {
                var buffer = SegmentedBytes.Cut(bytes.AsMemory(0, length), pieceSizes);

                var read = ReadAll(ref buffer);

                Assert.Equal(sent.Take(read.Count), read);
                Assert.Equal(length - Encode(read, mask).Length, buffer.Length);
                Assert.True(read.Count == sent.Count || buffer.Length < Encode([sent[read.Count]], mask).Length);
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(300_000)]
    public void A_frame_of_any_length_is_understood_and_its_prefixes_need_more(int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        var bytes = Encode([payload], 0xFEDC_BA98);

        var whole = SegmentedBytes.Cut(bytes, [200, 1]);
        Assert.Equal([payload], ReadAll(ref whole));

        foreach (var cut in Enumerable.Range(0, 15).Append(bytes.Length - 1).Where(cut => cut < bytes.Length))
        {
            var prefix = new ReadOnlySequence<byte>(bytes, 0, cut);
            Assert.Empty(ReadAll(ref prefix));
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    public void What_is_written_has_the_shortest_header_and_no_mask(int length, int headerBytes)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        var buffer = new JsonBuffer();
        buffer.Write("before"u8);

        var start = WebSocketFrameCodec.Begin(buffer);
        buffer.Write(payload);
        WebSocketFrameCodec.End(buffer, start, WebSocketOpcode.Text, isCompressed: false);

        // A client's frame says the same, but for the bit that there is a mask, and the mask.
        var expected = WebSocketDriver.Frame(WebSocketDriver.Text, payload, mask: 0);
        expected[1] &= 0x7F;
        byte[] unmasked = [.. "before"u8, .. expected[..headerBytes], .. expected[(headerBytes + 4)..]];
        Assert.Equal(unmasked, buffer.WrittenSpan.ToArray());
    }

    [Fact]
    public void Any_bytes_are_frames_or_none_and_never_an_exception() =>
        Prop.ForAll<byte[], byte[]>((bytes, pieceSizes) =>
        {
            var buffer = SegmentedBytes.Cut(bytes, pieceSizes);

            while (WebSocketFrameCodec.TryRead(ref buffer, 1000, mayCompress: true, out var frame) == WebSocketFrameStatus.Complete)
            {
                Assert.InRange(frame.Payload.Length, 0, 1000);
            }
        }).QuickCheckThrowOnFailure();

    private static List<byte[]> WithoutNull(byte[][] payloads) => [.. payloads.Where(payload => payload is not null)];

    private static byte[] Encode(IEnumerable<byte[]> payloads, uint mask) =>
        [.. payloads.SelectMany(payload => WebSocketDriver.Frame(WebSocketDriver.Binary, payload, mask))];

    private static List<byte[]> ReadAll(ref ReadOnlySequence<byte> buffer)
    {
        List<byte[]> payloads = [];
        WebSocketFrameStatus status;
        while ((status = WebSocketFrameCodec.TryRead(ref buffer, Limit, mayCompress: false, out var frame)) == WebSocketFrameStatus.Complete)
        {
            var payload = new byte[frame.Payload.Length];
            WebSocketFrameCodec.Unmask(frame, payload);
            Assert.True(frame is { Opcode: WebSocketOpcode.Binary, IsFinal: true, IsCompressed: false });
            payloads.Add(payload);
        }

        Assert.True(status is WebSocketFrameStatus.NeedMoreData or WebSocketFrameStatus.Begun);
        return payloads;
    }
}
