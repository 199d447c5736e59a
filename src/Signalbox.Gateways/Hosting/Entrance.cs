using Microsoft.AspNetCore.Http;

namespace Signalbox.Gateways.Hosting;

/// <summary>Whether a request may come in at all, before it is looked at who sends it: every HTTP gateway asks here.</summary>
internal sealed class Entrance(Origins origins, Hosts hosts)
{
    /// <returns>Why not, for who sends it; null where it may.</returns>
    public string? Refuse(HttpRequest request)
    {
        if (!hosts.Allow(request))
        {
            return "Without keys this server answers to localhost and 127.0.0.1 only: use one of them, or name this host in Http:AllowedHosts.";
        }

        return origins.Allow(request) ? null : "Pages of this origin may not use this server: add it to Http:AllowedOrigins.";
    }
}
