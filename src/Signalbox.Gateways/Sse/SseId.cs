using System.Globalization;
using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Names;

namespace Signalbox.Gateways.Sse;

/// <summary>
/// The resume position of a stream as the text of an event's id: what the client sends back as <c>Last-Event-ID</c>.
/// <code>
///  one channel     3f9a01bc77de-17                          epoch - offset
///  several         news:3f9a01bc77de-17,chat/1:09ab-3       name : epoch - offset, and so on
///  none yet        -                                        a filter that has brought nothing
/// </code>
/// </summary>
/// <remarks>It travels in a header, so it is ASCII: in names and epochs everything else is percent-encoded, and so are
/// the three marks, but for the dash of an epoch, since the last one counts.</remarks>
internal static class SseId
{
    /// <summary>Longer texts are not looked at. Servers and proxies take headers of about this size.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <summary>Stands for the name in the id of a stream of one channel.</summary>
    public const string OnlyChannel = "";

    public static ReadOnlySpan<byte> Nothing => "-"u8;

    /// <summary>What stands before the offset.</summary>
    public static byte[] EncodeHead(string name, string epoch) =>
        Encoding.ASCII.GetBytes(name == OnlyChannel ? $"{Escape(epoch)}-" : $"{Escape(name)}:{Escape(epoch)}-");

    /// <returns>The positions by name, or null where this text is no id.</returns>
    public static Dictionary<string, ChannelPosition>? Read(string text)
    {
        if (text.Length is 0 or > MaxBytes) return null;

        var positions = new Dictionary<string, ChannelPosition>(StringComparer.Ordinal);
        if (text == "-") return positions;

        foreach (var range in text.AsSpan().Split(','))
        {
            var entry = text.AsSpan(range);
            var name = OnlyChannel;
            if (entry.IndexOf(':') is >= 0 and var colon)
            {
                name = Uri.UnescapeDataString(entry[..colon]);
                if (!Name.IsValid(name)) return null;
                entry = entry[(colon + 1)..];
            }

            // Without an epoch it would be trusted that the numbering is the same, which an id never asks for.
            var dash = entry.LastIndexOf('-');
            if (dash < 1 || !TryReadOffset(entry[(dash + 1)..], out var offset)) return null;
            positions[name] = new ChannelPosition(Uri.UnescapeDataString(entry[..dash]), offset);
        }

        return positions;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out long offset) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out offset);

    // Levels stay readable.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal);
}
