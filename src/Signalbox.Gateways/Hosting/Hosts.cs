using System.Net;
using Microsoft.AspNetCore.Http;
using Signalbox.Gateways.Security;

namespace Signalbox.Gateways.Hosting;

/// <summary>
/// By which names requests may reach a server that lets in everybody on this machine. A page may have a name of its own
/// that it makes mean 127.0.0.1: its browser then takes our answers for the page's own, and only the name in the request
/// gives it away (DNS rebinding).
/// </summary>
/// <remarks>With keys a page gets nothing that its visitor's token does not grant; and who listens to other machines has
/// said so. There any name will do.</remarks>
internal sealed class Hosts(HttpOptions options, SecurityOptions security)
{
    private readonly bool _isChecked = !security.HasKeys && IPAddress.IsLoopback(IPAddress.Parse(options.Address));

    public bool Allow(HttpRequest request)
    {
        // A browser always says a name.
        if (!_isChecked || !request.Host.HasValue) return true;

        var host = request.Host.Host;
        return IsThisMachine(host)
            || options.AllowedHosts.Exists(allowed => allowed == "*" || allowed.Equals(host, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether this is a name or address of this machine, and can be no other's.</summary>
    public static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
