using System.Buffers.Binary;

namespace Signalbox.Engine.Embedded.Log.Format;

/// <summary>
/// What stands before the entries that were written and flushed together.
/// <code>
///  0            4           8            16             24          32         36       40
///  +------------+-----------+------------+--------------+-----------+----------+--------+----------+---------+
///  | length u32 | crc u32   | first i64  | durable i64  | time i64  | count    | flags  | entries  | zeros   |
///  | of entries | of the    | position   | up to here   | UTC ticks | u32      | u32    |          | to a    |
///  |            | rest      | of an entry| before this  |           |          |        |          | word    |
///  +------------+-----------+------------+--------------+-----------+----------+--------+----------+---------+
/// </code>
/// </summary>
/// <param name="Durable">Every position up to this one was durable when the frame was written. So whatever is missing
/// in front of it and is not after that position had been durable once: it was damaged, and not merely cut short.</param>
/// <param name="IsClosing">The last frame of a log that was closed in order.</param>
internal readonly record struct FrameHeader(
    int BodyBytes, long First, long Durable, DateTimeOffset Time, int Count, bool IsClosing)
{
    public const int Size = 40;

    private const int Alignment = 8;
    private const int ChecksumEnd = 8;
    private const uint ClosingFlag = 1;

    /// <summary>How long the frame is on disk.</summary>
    public long FrameBytes => (Size + (long)BodyBytes + Alignment - 1) / Alignment * Alignment;

    public long Last => First + Count - 1;

    /// <summary>Writes the header in front of the entries.</summary>
    /// <param name="frame">Room for the header, and the entries behind it.</param>
    public void Write(Span<byte> frame)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, BodyBytes);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], First);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], Durable);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], Time.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(frame[32..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[36..], IsClosing ? ClosingFlag : 0);
        var checksum = Checksum.Of(frame[ChecksumEnd..(Size + BodyBytes)]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], checksum);
    }

    /// <summary>Reads what may be a header; whether it is one, and the frame whole, says its checksum.</summary>
    /// <returns>Null where it cannot be one.</returns>
    public static FrameHeader? Read(ReadOnlySpan<byte> bytes)
    {
        var body = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]);
        if (body < 0 || ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks || flags > ClosingFlag) return null;
        if (count < 0 || (count == 0) != (body == 0)) return null;

        var first = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        var durable = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        if (first < 1 || durable < 0 || durable >= first) return null;

        return new FrameHeader(
            body, first, durable, new DateTimeOffset(ticks, TimeSpan.Zero), count, flags == ClosingFlag);
    }

    /// <param name="frame">Header and entries.</param>
    public static bool IsWhole(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) == Checksum.Of(frame[ChecksumEnd..]);
}
