using System.Diagnostics;

namespace Signalbox.Protocol.Mqtt;

/// <summary>The standard's Variable Byte Integer: seven bits a byte, the low ones first, four bytes at most.</summary>
public static class MqttVarInt
{
    public const uint Max = 268_435_455;
    public const int MaxBytes = 4;

    private const int More = 0x80;
    private const int Broken = -1;

    public static int SizeOf(uint value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => MaxBytes,
    };

    /// <returns>How many bytes it took.</returns>
    internal static int Write(Span<byte> output, uint value)
    {
        Debug.Assert(value <= Max, "Four bytes hold no more.");

        var at = 0;
        for (; value >= More; value >>= 7) output[at++] = (byte)(value | More);
        output[at++] = (byte)value;
        return at;
    }

    /// <returns>How many bytes it took; zero where its end is not there yet; negative where it is none.</returns>
    /// <remarks>One value has one form, the shortest: what is read and written again is the same bytes.</remarks>
    internal static int Read(ReadOnlySpan<byte> input, out uint value)
    {
        value = 0;
        for (var at = 0; at < MaxBytes; at++)
        {
            if (at == input.Length) return 0;

            value |= (uint)(input[at] & ~More) << (7 * at);
            if ((input[at] & More) != 0) continue;
            return input[at] == 0 && at > 0 ? Broken : at + 1;
        }

        return Broken;
    }
}
