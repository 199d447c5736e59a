using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Sse;

/// <summary>
/// A chunk of an HTTP/1.1 response, for streams that have their connection to themselves.
/// <code>
///  000000a5\r\n  content  \r\n      the length of the content, in hexadecimal
/// </code>
/// </summary>
/// <remarks>The length always has as many digits: room for it is left, and filled in when the content is written.</remarks>
internal static class SseChunk
{
    private const int Digits = 8;

    private static readonly StandardFormat Hexadecimal = new('x', Digits);

    /// <summary>The last chunk, which ends the response.</summary>
    public static ReadOnlySpan<byte> OfNothing => "0\r\n\r\n"u8;

    /// <returns>Where the chunk begins.</returns>
    public static int Begin(JsonBuffer buffer)
    {
        var start = buffer.Length;
        buffer.Write("00000000\r\n"u8);
        return start;
    }

    /// <summary>Ends the chunk that begins here.</summary>
    public static void End(JsonBuffer buffer, int start)
    {
        var length = buffer.Length - start - Digits - 2;
        Debug.Assert(length > 0, "A chunk of nothing would end the response.");

        Utf8Formatter.TryFormat((uint)length, buffer.WrittenSpan[start..], out _, Hexadecimal);
        buffer.Write("\r\n"u8);
    }

    /// <summary>Writes a chunk of this content.</summary>
    /// <returns>How many bytes it has.</returns>
    public static int Write(IBufferWriter<byte> output, ReadOnlySpan<byte> content)
    {
        var length = Digits + 2 + content.Length + 2;
        var chunk = output.GetSpan(length);
        Utf8Formatter.TryFormat((uint)content.Length, chunk, out _, Hexadecimal);
        "\r\n"u8.CopyTo(chunk[Digits..]);
        content.CopyTo(chunk[(Digits + 2)..]);
        "\r\n"u8.CopyTo(chunk[(length - 2)..]);
        output.Advance(length);
        return length;
    }
}
