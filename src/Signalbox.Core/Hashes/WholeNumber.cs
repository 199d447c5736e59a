using System.Buffers.Text;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Hashes;

/// <summary>The payloads that can be counted with: JSON's whole numbers, of 64 bits.</summary>
internal static class WholeNumber
{
    private const int MaxLength = 20;

    /// <remarks>
    /// Text counts as well, since a device that sends <c>12</c> and a browser that sends <c>"12"</c> mean the same.
    /// The grammar is JSON's for both: no plus sign, no leading zero, no blank, no fraction and no exponent.
    /// </remarks>
    public static Refusal Read(Payload payload, out long number)
    {
        number = 0;
        if (payload.Kind is PayloadKind.Binary) return Refusal.NotANumber;

        var bytes = payload.Bytes.Span;
        var digits = bytes.StartsWith("-"u8) ? bytes[1..] : bytes;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return Refusal.NotANumber;
        if (digits.Length > 1 && digits[0] == '0') return Refusal.NotANumber;

        return Utf8Parser.TryParse(bytes, out number, out int _) ? Refusal.None : Refusal.NumberOverflow;
    }

    public static Payload Write(long number)
    {
        Span<byte> digits = stackalloc byte[MaxLength];
        Utf8Formatter.TryFormat(number, digits, out var length);
        return new Payload(digits[..length].ToArray(), PayloadKind.Json);
    }
}
