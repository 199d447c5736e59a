using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Signalbox.Protocol.Framing;

/// <summary>
/// Cuts a byte stream into frames and knows nothing of what is in them.
/// <code>
///  0               4                length
///  +---------------+----------------+
///  | length u32 BE | UTF-8 JSON     |
///  +---------------+----------------+
/// </code>
/// The length counts its own four bytes: the dispatcher's clients write it so.
/// </summary>
public static class FrameCodec
{
    public const int PrefixSize = sizeof(uint);

    /// <summary>The shortest frame: a prefix and one byte of body.</summary>
    public const int MinFrameBytes = PrefixSize + 1;

    /// <summary>Takes one frame off the front of <paramref name="buffer"/>, or leaves it as it was.</summary>
    /// <remarks>
    /// The limit is held against the announced length, before the body has arrived: a peer cannot make us
    /// buffer what we would refuse. The answer is a status, since bad input is the peer's everyday business
    /// and an exception is for a bug of ours.
    /// </remarks>
    public static FrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer, int maxFrameBytes, out ReadOnlySequence<byte> body)
    {
        body = default;
        if (buffer.Length < PrefixSize) return FrameStatus.NeedMoreData;

        var length = ReadPrefix(buffer);
        if (length < MinFrameBytes) return FrameStatus.TooShort;
        if (length > (uint)maxFrameBytes) return FrameStatus.TooLarge;
        if (buffer.Length < length) return FrameStatus.NeedMoreData;

        body = buffer.Slice(PrefixSize, length - PrefixSize);
        buffer = buffer.Slice(body.End);
        return FrameStatus.Complete;
    }

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> body)
    {
        Debug.Assert(!body.IsEmpty, "A frame without a body cannot be read again.");

        var frame = output.GetSpan(PrefixSize + body.Length)[..(PrefixSize + body.Length)];
        body.CopyTo(frame[PrefixSize..]);
        PatchLength(frame);
        output.Advance(frame.Length);
    }

    /// <summary>Leaves room for the length of a frame whose body is written behind it, piece by piece.</summary>
    public static void Begin(IBufferWriter<byte> output)
    {
        output.GetSpan(PrefixSize)[..PrefixSize].Clear();
        output.Advance(PrefixSize);
    }

    /// <summary>Puts the length into the room that <see cref="Begin"/> left at the front of a whole frame.</summary>
    public static void PatchLength(Span<byte> frame)
    {
        Debug.Assert(frame.Length >= MinFrameBytes, "A frame without a body cannot be read again.");
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)frame.Length);
    }

    private static uint ReadPrefix(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.FirstSpan.Length >= PrefixSize) return BinaryPrimitives.ReadUInt32BigEndian(buffer.FirstSpan);

        // The prefix straddles two segments. Rare, so four bytes on the stack are cheap enough.
        Span<byte> prefix = stackalloc byte[PrefixSize];
        buffer.Slice(0, PrefixSize).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32BigEndian(prefix);
    }
}
