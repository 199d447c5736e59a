using Microsoft.Extensions.Primitives;

namespace Signalbox.Gateways.WebSockets;

/// <summary>One offer of <c>Sec-WebSocket-Extensions</c> (RFC 6455, section 9.1).</summary>
/// <param name="Parameters">Their values without quotes; null for a parameter without one.</param>
internal sealed record ExtensionOffer(string Name, IReadOnlyList<(string Name, string? Value)> Parameters)
{
    /// <param name="header">May hold several offers, the one that the client likes best first.</param>
    public static IEnumerable<ExtensionOffer> AllIn(StringValues header) =>
        from line in header
        from offer in Split(line ?? "", ',')
        select Read(offer);

    private static ExtensionOffer Read(string offer)
    {
        var parts = Split(offer, ';').ToList();
        return new ExtensionOffer(parts[0], [.. parts.Skip(1).Select(ReadParameter)]);
    }

    private static (string Name, string? Value) ReadParameter(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) return (text, null);

        var value = Trim(text[(equals + 1)..]);
        var isQuoted = value is ['"', .., '"'] and not "\"";
        return (Trim(text[..equals]), isQuoted ? value[1..^1] : value);
    }

    // A separator within quotes separates nothing: an offer does not end there, and none begins.
    private static IEnumerable<string> Split(string text, char separator)
    {
        var start = 0;
        var isQuoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (isQuoted && text[at] == '\\') at++;
            else if (text[at] == '"') isQuoted = !isQuoted;
            else if (text[at] == separator && !isQuoted)
            {
                yield return Trim(text[start..at]);
                start = at + 1;
            }
        }

        yield return Trim(text[start..]);
    }

    private static string Trim(string text) => text.Trim(' ', '\t');
}
