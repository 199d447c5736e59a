using System.Globalization;

namespace Signalbox.Client;

/// <summary>Where a server listens: <c>host:port</c>, <c>[::1]:port</c>, or the host alone with the usual
/// port.</summary>
internal readonly record struct Endpoint(string Host, int Port)
{
    public const int DefaultPort = 2491;

    public static bool TryParse(string? text, out Endpoint endpoint)
    {
        endpoint = default;
        text = text?.Trim() ?? "";
        var colon = text.LastIndexOf(':');
        var bracket = text.LastIndexOf(']');
        if (text.StartsWith('[') != (bracket > 0)) return false;

        // An address of version 6 without brackets has colons of its own, and no port.
        var hasPort = colon > bracket && (bracket > 0 || text.IndexOf(':') == colon);
        var host = (hasPort ? text[..colon] : text).Trim('[', ']');
        if (host.Length == 0 || host.Any(char.IsWhiteSpace)) return false;

        var port = DefaultPort;
        if (hasPort && !TryParsePort(text.AsSpan(colon + 1), out port)) return false;

        endpoint = new Endpoint(host, port);
        return port is > 0 and <= 65_535;
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}");
}
