using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Signalbox.Gateways.Security;

/// <summary>Where an HTTP request, be it one that becomes a WebSocket or a stream of events, has its token or key.</summary>
/// <remarks>
/// Browsers can set no header on a WebSocket or an EventSource, so it may stand in the address too. Addresses are
/// written into logs by proxies: the header comes first, and documentation says to give such tokens a short life.
/// </remarks>
public static class Credentials
{
    private const string Scheme = "Bearer ";

    /// <returns>The token or key; null where there is none.</returns>
    public static string? Of(HttpRequest request)
    {
        if (InHeader(request) is { } header) return header;

        var query = request.Query["token"].ToString();
        return query.Length > 0 ? query : null;
    }

    /// <returns>The token or key that the header has: for requests whose sender can set one.</returns>
    public static string? InHeader(HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return header[Scheme.Length..].Trim();

        // One that is not understood is not passed over: who sends it means it.
        return header.Length > 0 ? header : null;
    }
}
