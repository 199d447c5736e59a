using System.Buffers.Binary;
using System.Numerics;

namespace Signalbox.Engine.Embedded.Log.Format;

/// <summary>CRC-32C (Castagnoli), which processors know how to compute.</summary>
/// <remarks>The framework has the instruction, and no class that goes over bytes with it.</remarks>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var last in bytes) crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
