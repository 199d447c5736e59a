using System.Globalization;
using System.Net;

namespace Signalbox.Cli.Running;

/// <summary>A server as its endpoint says it. The client has checked the text by then.</summary>
internal static class Servers
{
    private const int StandardPort = 2491;

    public static (string Host, int Port) Parse(string endpoint)
    {
        var text = endpoint.Trim();
        var colon = text.LastIndexOf(':');
        var bracket = text.LastIndexOf(']');
        var hasPort = colon > bracket && (bracket > 0 || text.IndexOf(':') == colon);
        var host = (hasPort ? text[..colon] : text).Trim('[', ']');
        return (host, hasPort ? int.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture) : StandardPort);
    }

    public static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
