using System.Buffers.Text;
using System.Diagnostics;
using Signalbox.Client;

namespace Signalbox.Cli.Bench;

/// <summary>
/// A value that says when it was made and by whom, filled up to a size.
/// <code>
///  0           8           28
///  +-----------+-----------+--------
///  | slot      | timestamp | x x x …     text, both numbers in decimal digits with leading zeros
///  +-----------+-----------+--------
/// </code>
/// The clock is this process', so what it measures was sent and received here.
/// </summary>
internal static class Stamp
{
    private const int SlotDigits = 8;
    private const int TimeDigits = 20;

    public const int Bytes = SlotDigits + TimeDigits;

    public static Payload Make(int slot, int size) =>
        Payload.FromText($"{slot:D8}{Stopwatch.GetTimestamp():D20}".PadRight(size, 'x'));

    public static bool TryRead(Payload payload, out int slot, out long timestamp)
    {
        timestamp = 0;
        slot = 0;
        var bytes = payload.Bytes.Span;
        return bytes.Length >= Bytes
            && Utf8Parser.TryParse(bytes[..SlotDigits], out slot, out _)
            && Utf8Parser.TryParse(bytes[SlotDigits..Bytes], out timestamp, out _);
    }
}
