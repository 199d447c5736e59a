using Microsoft.AspNetCore.Http;

namespace Signalbox.Gateways.Hosting;

/// <summary>
/// Which web pages may connect: a browser lets any page open connections to anybody, with its user's cookies and from
/// its user's network, and leaves it to the server to look where the page is from.
/// </summary>
/// <remarks>Who sends no origin is no browser, and is let in: it could send any.</remarks>
internal sealed class Origins(HttpOptions options)
{
    public bool Allow(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return true;
        if (options.AllowedOrigins.Count > 0) return IsListed(origin);
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var page)) return false;

        return page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase) || Hosts.IsThisMachine(page.Host);
    }

    private bool IsListed(string origin) =>
        options.AllowedOrigins.Exists(allowed => allowed == "*" || allowed.Equals(origin, StringComparison.OrdinalIgnoreCase));
}
