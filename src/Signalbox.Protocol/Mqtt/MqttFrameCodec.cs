using System.Buffers;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt;

/// <summary>
/// Cuts a byte stream into control packets, and knows of their content only the fixed header.
/// <code>
///  0                    1                  1+n      n = 1..4
///  +---------+----------+------------------+----------------
///  | type 4  | flags 4  | remaining length | body
///  +---------+----------+------------------+----------------
/// </code>
/// </summary>
public static class MqttFrameCodec
{
    private const int LongestHeader = 1 + MqttVarInt.MaxBytes;
    private const byte AskingFlags = 0b0010;

    /// <summary>Takes one packet off the front of <paramref name="buffer"/>, or leaves it as it was.</summary>
    /// <param name="version">What CONNECT said; none before it was read.</param>
    /// <param name="maxPacketBytes">The limit for a whole packet, judged by what is announced.</param>
    /// <param name="error">Why, where the front is broken.</param>
    public static MqttFrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer,
        MqttVersion version,
        int maxPacketBytes,
        out MqttFrame frame,
        out MqttError? error)
    {
        frame = default;
        error = null;
        Span<byte> copy = stackalloc byte[LongestHeader];
        var header = FrontOf(buffer, copy);
        if (header.IsEmpty) return MqttFrameStatus.NeedMoreData;

        var type = (MqttPacketType)(header[0] >> 4);
        var flags = (byte)(header[0] & 0x0F);
        error = Check(type, flags, version);
        if (error is not null) return MqttFrameStatus.Broken;

        var lengthBytes = MqttVarInt.Read(header[1..], out var length);
        if (lengthBytes == 0) return MqttFrameStatus.NeedMoreData;

        if (lengthBytes < 0) error = MqttErrors.VariableByteInteger;
        else if (1 + lengthBytes + length > maxPacketBytes) error = MqttErrors.TooLarge;
        if (error is not null) return MqttFrameStatus.Broken;

        var start = 1 + lengthBytes;
        if (buffer.Length < start + length) return MqttFrameStatus.NeedMoreData;

        frame = new MqttFrame(type, flags, buffer.Slice(start, length));
        buffer = buffer.Slice(frame.Body.End);
        return MqttFrameStatus.Complete;
    }

    /// <summary>The flags of a packet that has none of its own.</summary>
    internal static byte FlagsOf(MqttPacketType type) =>
        type is MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe ? AskingFlags : (byte)0;

    private static MqttError? Check(MqttPacketType type, byte flags, MqttVersion version)
    {
        var isOld = version is MqttVersion.V31 or MqttVersion.V311;
        if (type == MqttPacketType.None) return MqttErrors.PacketTypeReserved;
        if (type == MqttPacketType.Auth && isOld) return MqttErrors.PacketTypeUnknown;

        // In 3.1 some of these are duplicates too, and the rest is "not used" and may be anything.
        if (type == MqttPacketType.Publish || version == MqttVersion.V31) return null;
        return flags == FlagsOf(type) ? null : MqttErrors.HeaderFlagsReserved;
    }

    private static ReadOnlySpan<byte> FrontOf(in ReadOnlySequence<byte> buffer, Span<byte> copy)
    {
        if (buffer.IsSingleSegment || buffer.FirstSpan.Length >= LongestHeader) return buffer.FirstSpan;

        // The header straddles two segments: rare.
        var length = (int)Math.Min(buffer.Length, copy.Length);
        buffer.Slice(0, length).CopyTo(copy);
        return copy[..length];
    }
}
