using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.WebSockets;

/// <summary>
/// Cuts a client's bytes into frames, and writes the server's (RFC 6455, section 5).
/// <code>
///  0          1          2                    2+n        6+n
///  +----------+----------+--------------------+----------+---------
///  |F|RSV| op |M|length 7| length, n = 0, 2, 8| mask     | payload
///  +----------+----------+--------------------+----------+---------
/// </code>
/// A client's frames are masked, and ours are not: the bytes of a message are the same for everybody.
/// </summary>
internal static class WebSocketFrameCodec
{
    public const int MaxControlBytes = 125;

    private const int Final = 0x80;
    private const int Compressed = 0x40;
    private const int Reserved = 0x30;
    private const int Masked = 0x80;
    private const int Length16 = 126;
    private const int Length64 = 127;
    private const int ShortestHeader = 2;
    private const int LongestHeader = 14;
    private const int MaskBytes = sizeof(uint);

    /// <summary>Takes one frame off the front of <paramref name="buffer"/>, or leaves it as it was.</summary>
    /// <param name="room">How long the payload of a data frame may be: judged by what is announced, before it is there.</param>
    /// <param name="mayCompress">Whether compression was agreed upon.</param>
    /// <param name="frame">Where it has only begun: what is there of it.</param>
    public static WebSocketFrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer, int room, bool mayCompress, out WebSocketFrame frame)
    {
        frame = default;
        Span<byte> copy = stackalloc byte[LongestHeader];
        var header = FrontOf(buffer, copy);
        if (header.Length < ShortestHeader) return WebSocketFrameStatus.NeedMoreData;

        var opcode = (WebSocketOpcode)(header[0] & 0x0F);
        var isFinal = (header[0] & Final) != 0;
        var isCompressed = (header[0] & Compressed) != 0;
        var isMasked = (header[1] & Masked) != 0;
        var mayBeCompressed = mayCompress && opcode is WebSocketOpcode.Text or WebSocketOpcode.Binary;
        if ((header[0] & Reserved) != 0 || !isMasked || !IsKnown(opcode)) return WebSocketFrameStatus.ProtocolError;
        if (isCompressed && !mayBeCompressed) return WebSocketFrameStatus.ProtocolError;

        var shortLength = header[1] & 0x7F;
        var isControl = opcode >= WebSocketOpcode.Close;
        if (isControl && (!isFinal || shortLength > MaxControlBytes)) return WebSocketFrameStatus.ProtocolError;

        var maskAt = ShortestHeader + LengthBytes(shortLength);
        if (header.Length < maskAt) return WebSocketFrameStatus.NeedMoreData;

        var length = ReadLength(header, shortLength);
        if (length < 0) return WebSocketFrameStatus.ProtocolError;
        if (!isControl && length > room) return WebSocketFrameStatus.TooLarge;

        var start = maskAt + MaskBytes;
        if (buffer.Length < start) return WebSocketFrameStatus.NeedMoreData;

        var mask = MemoryMarshal.Read<uint>(header[maskAt..]);
        var payload = buffer.Slice(start, Math.Min(length, buffer.Length - start));
        frame = new WebSocketFrame(opcode, isFinal, isCompressed, mask, payload);
        if (payload.Length < length) return WebSocketFrameStatus.Begun;

        buffer = buffer.Slice(payload.End);
        return WebSocketFrameStatus.Complete;
    }

    /// <summary>What is left of a frame without the first bytes of its payload.</summary>
    public static WebSocketFrame From(in WebSocketFrame frame, long start) =>
        frame with { Mask = Turn(frame.Mask, start), Payload = frame.Payload.Slice(start) };

    /// <summary>Takes the mask off a payload.</summary>
    public static void Unmask(in WebSocketFrame frame, Span<byte> output)
    {
        var mask = frame.Mask;
        foreach (var piece in frame.Payload)
        {
            Unmask(piece.Span, mask, output);
            output = output[piece.Length..];
            mask = Turn(mask, piece.Length);
        }
    }

    /// <summary>Leaves room for the shortest header; the payload is written behind it, piece by piece.</summary>
    /// <returns>Where the frame begins, for <see cref="End"/>.</returns>
    public static int Begin(JsonBuffer buffer)
    {
        var start = buffer.Length;
        buffer.GetSpan(ShortestHeader);
        buffer.Advance(ShortestHeader);
        return start;
    }

    /// <summary>Where the payload of a frame that began there begins.</summary>
    public static int PayloadOf(int start) => start + ShortestHeader;

    /// <summary>Writes the header before the payload, which makes way where the header is longer than the shortest.</summary>
    public static void End(JsonBuffer buffer, int start, WebSocketOpcode opcode, bool isCompressed)
    {
        var length = buffer.Length - PayloadOf(start);
        var shortLength = length <= MaxControlBytes ? length : length <= ushort.MaxValue ? Length16 : Length64;
        var more = LengthBytes(shortLength);
        if (more > 0)
        {
            buffer.GetSpan(more);
            buffer.Advance(more);
            var payload = buffer.WrittenSpan[PayloadOf(start)..];
            payload[..length].CopyTo(payload[more..]);
        }

        var header = buffer.WrittenSpan[start..];
        header[0] = (byte)(Final | (isCompressed ? Compressed : 0) | (int)opcode);
        header[1] = (byte)shortLength;
        if (more == sizeof(ushort)) BinaryPrimitives.WriteUInt16BigEndian(header[ShortestHeader..], (ushort)length);
        if (more == sizeof(ulong)) BinaryPrimitives.WriteUInt64BigEndian(header[ShortestHeader..], (ulong)length);
    }

    /// <summary>Writes a control frame.</summary>
    public static void WriteControl(JsonBuffer buffer, WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        Debug.Assert(payload.Length <= MaxControlBytes, "A control frame is short.");

        var start = Begin(buffer);
        buffer.Write(payload);
        End(buffer, start, opcode, isCompressed: false);
    }

    private static ReadOnlySpan<byte> FrontOf(in ReadOnlySequence<byte> buffer, Span<byte> copy)
    {
        if (buffer.IsSingleSegment || buffer.FirstSpan.Length >= LongestHeader) return buffer.FirstSpan;

        // The header straddles two segments: rare.
        var length = (int)Math.Min(buffer.Length, copy.Length);
        buffer.Slice(0, length).CopyTo(copy);
        return copy[..length];
    }

    private static bool IsKnown(WebSocketOpcode opcode) =>
        opcode is <= WebSocketOpcode.Binary or (>= WebSocketOpcode.Close and <= WebSocketOpcode.Pong);

    private static int LengthBytes(int shortLength) => shortLength switch
    {
        Length16 => sizeof(ushort),
        Length64 => sizeof(ulong),
        _ => 0,
    };

    /// <returns>Negative where it is not written as the shortest way allows, or has more than 63 bits.</returns>
    private static long ReadLength(ReadOnlySpan<byte> header, int shortLength)
    {
        switch (shortLength)
        {
            case Length16:
                var short16 = BinaryPrimitives.ReadUInt16BigEndian(header[ShortestHeader..]);
                return short16 < Length16 ? -1 : short16;

            case Length64:
                var long64 = BinaryPrimitives.ReadInt64BigEndian(header[ShortestHeader..]);
                return long64 <= ushort.MaxValue ? -1 : long64;

            default:
                return shortLength;
        }
    }

    private static void Unmask(ReadOnlySpan<byte> masked, uint mask, Span<byte> output)
    {
        var wide = Vector.AsVectorByte(new Vector<uint>(mask));
        var at = 0;
        for (; at <= masked.Length - Vector<byte>.Count; at += Vector<byte>.Count)
        {
            (new Vector<byte>(masked[at..]) ^ wide).CopyTo(output[at..]);
        }

        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in mask));
        for (; at < masked.Length; at++) output[at] = (byte)(masked[at] ^ bytes[at % MaskBytes]);
    }

    // The mask for what comes after so many bytes.
    private static uint Turn(uint mask, long bytes)
    {
        var bits = (int)(bytes % MaskBytes) * 8;
        return BitConverter.IsLittleEndian ? BitOperations.RotateRight(mask, bits) : BitOperations.RotateLeft(mask, bits);
    }
}
