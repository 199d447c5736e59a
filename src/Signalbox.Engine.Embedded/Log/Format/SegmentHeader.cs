using System.Buffers.Binary;

namespace Signalbox.Engine.Embedded.Log.Format;

/// <summary>
/// What stands at the beginning of a segment file.
/// <code>
///  0            8             12          16           24           32
///  +------------+-------------+-----------+------------+------------+
///  | "SIGNALBX" | version u32 | crc u32   | number i64 | first i64  |
///  +------------+-------------+-----------+------------+------------+
/// </code>
/// </summary>
/// <param name="First">The position of the first entry that is written here.</param>
internal readonly record struct SegmentHeader(int Version, long Number, long First)
{
    public const int Size = 32;

    /// <summary>
    /// The form of everything in the file. A later version reads this one too; what it writes is its own, and after its
    /// first checkpoint all is.
    /// </summary>
    public const int CurrentVersion = 1;

    private const string NamePrefix = "log-";

    private static ReadOnlySpan<byte> Magic => "SIGNALBX"u8;

    public static string NameOf(long number) => $"{NamePrefix}{number:D10}";

    public static bool TryNumber(string name, out long number)
    {
        number = 0;
        return name.StartsWith(NamePrefix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(NamePrefix.Length), out number)
            && NameOf(number) == name;
    }

    public void Write(Span<byte> bytes)
    {
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], First);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Checksum.Of(bytes[16..Size]) ^ (uint)Version);
    }

    /// <returns>Null where it is none.</returns>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes.StartsWith(Magic)) return null;

        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var checksum = Checksum.Of(bytes[16..Size]) ^ (uint)version;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != checksum) return null;

        return new SegmentHeader(
            version,
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
    }
}
