using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Signalbox.Protocol.Json;

/// <summary>The text that a JSON string stands for, given what is between its quotes.</summary>
/// <remarks>
/// The source has passed a JSON reader, so every backslash begins a whole escape. What a reader lets pass all the
/// same is half a surrogate pair, which no UTF-8 can say: hence the answers here are yes or no, while the
/// framework's own unescaping throws.
/// </remarks>
internal static class JsonText
{
    private const int UnicodeEscapeSize = 6;

    /// <summary>Is there a text at all, or half a surrogate pair?</summary>
    public static bool IsText(ReadOnlySpan<byte> source)
    {
        while (source.IndexOf((byte)'\\') is >= 0 and var at)
        {
            source = source[at..];
            if (!TryReadEscape(source, out _, out var size)) return false;
            source = source[size..];
        }

        return true;
    }

    /// <param name="destination">At least as long as the source: a text is never longer than its escapes.</param>
    public static bool TryUnescape(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        while (source.IndexOf((byte)'\\') is >= 0 and var at)
        {
            source[..at].CopyTo(destination[written..]);
            written += at;
            source = source[at..];

            if (!TryReadEscape(source, out var rune, out var size)) return false;
            written += rune.EncodeToUtf8(destination[written..]);
            source = source[size..];
        }

        source.CopyTo(destination[written..]);
        written += source.Length;
        return true;
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> source, out Rune rune, out int size)
    {
        size = 2;
        if (source[1] == 'u') return TryReadUnicodeEscape(source, out rune, out size);

        rune = new Rune(source[1] switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            var itself => (char)itself,
        });
        return true;
    }

    private static bool TryReadUnicodeEscape(ReadOnlySpan<byte> source, out Rune rune, out int size)
    {
        size = UnicodeEscapeSize;
        var first = ReadHex(source);
        if (Rune.TryCreate(first, out rune)) return true;

        var rest = source[UnicodeEscapeSize..];
        if (!rest.StartsWith("\\u"u8)) return false;

        size = 2 * UnicodeEscapeSize;
        return Rune.TryCreate(first, ReadHex(rest), out rune);
    }

    private static char ReadHex(ReadOnlySpan<byte> escape)
    {
        var isHex = Utf8Parser.TryParse(escape[2..UnicodeEscapeSize], out ushort unit, out _, 'x');
        Debug.Assert(isHex, "A JSON reader lets no other escape pass.");
        return (char)unit;
    }
}
