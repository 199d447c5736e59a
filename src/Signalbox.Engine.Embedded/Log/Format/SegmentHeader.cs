using System.Buffers.Binary;

namespace Signalbox.Engine.Embedded.Log.Format;

/// <summary>
/// What stands at the beginning of a segment file.
/// <code>
///  0            8             12          16           24          32             40         44          48
///  +------------+-------------+-----------+------------+-----------+--------------+----------+-----------+
///  | "SIGNALBX" | version u32 | crc u32   | number i64 | first i64 | reserved i64 | crc u32  | zeros     |
///  +------------+-------------+-----------+------------+-----------+--------------+----------+-----------+
/// </code>
/// </summary>
/// <param name="First">The position of the first entry that is written here.</param>
/// <param name="Reserved">How long the file was made. It is shorter only when it is complete: then another segment was
/// begun after it, or it ends with a closing frame. 0 in format 1, which does not say it.</param>
internal readonly record struct SegmentHeader(int Version, long Number, long First, long Reserved)
{
    /// <summary>How long it is in the current format.</summary>
    public const int Size = 48;

    /// <summary>
    /// The form of everything in the file. A later version reads this one too; what it writes is its own, and after its
    /// first checkpoint all is.
    /// </summary>
    public const int CurrentVersion = 2;

    // Format 1 ends where the reserved length stands now. The first checksum covers what both have, so that an older
    // version can tell a later one from damage.
    private const int FirstSize = 32;

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

    /// <summary>How long it is in its own format.</summary>
    public int Bytes => Version == 1 ? FirstSize : Size;

    /// <summary>Whether this version of Signalbox reads the file.</summary>
    public bool IsKnown => Version is 1 or CurrentVersion;

    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], First);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Checksum.Of(bytes[16..FirstSize]) ^ (uint)Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[FirstSize..], Reserved);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[40..], Checksum.Of(bytes[FirstSize..40]));
    }

    /// <returns>Null where it is none.</returns>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FirstSize || !bytes.StartsWith(Magic)) return null;

        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var checksum = Checksum.Of(bytes[16..FirstSize]) ^ (uint)version;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != checksum) return null;

        var header = new SegmentHeader(
            version,
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            Reserved: 0);
        if (version != CurrentVersion) return header;
        if (bytes.Length < Size) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]) != Checksum.Of(bytes[FirstSize..40])) return null;
        if (bytes[44..Size].ContainsAnyExcept((byte)0)) return null;

        return header with { Reserved = BinaryPrimitives.ReadInt64LittleEndian(bytes[FirstSize..]) };
    }
}
