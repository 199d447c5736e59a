using System.Buffers;

namespace Signalbox.Fuzz;

/// <summary>Bytes as a network hands them over: in pieces.</summary>
public static class SegmentedBytes
{
    /// <param name="pieceSizes">How long each next piece is; taken round and round, zero included.</param>
    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, ReadOnlySpan<byte> pieceSizes)
    {
        // Pieces that are all empty would never get to the end.
        if (pieceSizes.IndexOfAnyExcept((byte)0) < 0) return new ReadOnlySequence<byte>(bytes);

        var first = new Piece(default, 0);
        var last = first;
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var size = Math.Min(pieceSizes[i % pieceSizes.Length], bytes.Length);
            last = last.Append(bytes[..size]);
            bytes = bytes[size..];
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, long runningIndex)
        {
            Memory = bytes;
            RunningIndex = runningIndex;
        }

        public Piece Append(ReadOnlyMemory<byte> bytes)
        {
            var next = new Piece(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
