using System.Buffers;
using System.Buffers.Binary;
using Signalbox.Protocol.Framing;
using static Signalbox.Fuzz.BrokenPromiseException;

namespace Signalbox.Fuzz;

/// <summary>
/// Any bytes, in any pieces, are cut into the same frames as a plain loop over an array cuts them.
/// The first byte of the input says how many of the next are sizes of pieces; the rest is the stream.
/// </summary>
internal static class FrameTarget
{
    private const int MaxFrameBytes = 4096;
    private const int MostPieceSizes = 8;

    public static void Check(byte[] input)
    {
        if (input.Length == 0) return;

        var sizes = Math.Min(input[0] % MostPieceSizes, input.Length - 1);
        var stream = input.AsMemory(1 + sizes);
        var buffer = SegmentedBytes.Cut(stream, input.AsSpan(1, sizes));

        while (true)
        {
            var expected = ReadPlainly(stream.Span);
            var before = buffer.Length;
            var status = FrameCodec.TryRead(ref buffer, MaxFrameBytes, out var body);

            Unless(status == expected, $"a front that is {expected} was called {status}");
            if (status != FrameStatus.Complete)
            {
                Unless(buffer.Length == before, "what is no whole frame must be left alone");
                return;
            }

            var frameBytes = FrameCodec.PrefixSize + (int)body.Length;
            Unless(
                body.ToArray().AsSpan().SequenceEqual(stream.Span[FrameCodec.PrefixSize..frameBytes]),
                "a body must be the bytes behind its length");
            Unless(buffer.Length == before - frameBytes, "a frame must be taken off, and no more");

            CheckWritten(body.ToArray(), stream.Span[..frameBytes]);
            stream = stream[frameBytes..];
        }
    }

    private static void CheckWritten(byte[] body, ReadOnlySpan<byte> frame)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameCodec.Write(output, body);
        Unless(output.WrittenSpan.SequenceEqual(frame), "a frame must be written as it was read");
    }

    private static FrameStatus ReadPlainly(ReadOnlySpan<byte> stream)
    {
        if (stream.Length < 4) return FrameStatus.NeedMoreData;

        return BinaryPrimitives.ReadUInt32BigEndian(stream) switch
        {
            < 5 => FrameStatus.TooShort,
            > MaxFrameBytes => FrameStatus.TooLarge,
            var length => length <= stream.Length ? FrameStatus.Complete : FrameStatus.NeedMoreData,
        };
    }
}
