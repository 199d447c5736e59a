using System.Buffers;
using System.Diagnostics;
using System.Text.Unicode;

namespace Signalbox.Protocol.Replies;

/// <summary>Writes JSON strings, escaping only what JSON demands: quote, backslash and control characters.</summary>
/// <remarks>Text mostly has nothing to escape, so the search looks at many bytes at a time.</remarks>
internal static class JsonStrings
{
    private const string MustEscape =
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f";

    private static readonly SearchValues<char> EscapedChars = SearchValues.Create(MustEscape);
    private static readonly SearchValues<byte> EscapedBytes =
        SearchValues.Create([.. MustEscape.Select(character => (byte)character)]);

    public static void Write(JsonBuffer buffer, ReadOnlySpan<byte> utf8)
    {
        Debug.Assert(Utf8.IsValid(utf8), "Only UTF-8 can be a JSON string.");

        buffer.Write((byte)'"');
        while (utf8.IndexOfAny(EscapedBytes) is >= 0 and var at)
        {
            buffer.Write(utf8[..at]);
            WriteEscape(buffer, utf8[at]);
            utf8 = utf8[(at + 1)..];
        }

        buffer.Write(utf8);
        buffer.Write((byte)'"');
    }

    /// <remarks>Half a surrogate pair, which no UTF-8 can say, comes out as the replacement character.</remarks>
    public static void Write(JsonBuffer buffer, ReadOnlySpan<char> text)
    {
        buffer.Write((byte)'"');
        while (text.IndexOfAny(EscapedChars) is >= 0 and var at)
        {
            WriteUtf8(buffer, text[..at]);
            WriteEscape(buffer, (byte)text[at]);
            text = text[(at + 1)..];
        }

        WriteUtf8(buffer, text);
        buffer.Write((byte)'"');
    }

    private static void WriteUtf8(JsonBuffer buffer, ReadOnlySpan<char> text)
    {
        const int mostBytesPerChar = 3;
        Utf8.FromUtf16(text, buffer.GetSpan(text.Length * mostBytesPerChar), out _, out var written);
        buffer.Advance(written);
    }

    private static void WriteEscape(JsonBuffer buffer, byte character)
    {
        var letter = character switch
        {
            (byte)'"' or (byte)'\\' => character,
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            _ => (byte)'u',
        };

        buffer.Write((byte)'\\');
        buffer.Write(letter);
        if (letter != 'u') return;

        buffer.Write(character < 0x10 ? "000"u8 : "001"u8);
        buffer.Write("0123456789abcdef"u8[character & 0xF]);
    }
}
