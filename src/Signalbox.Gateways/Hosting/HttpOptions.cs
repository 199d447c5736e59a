namespace Signalbox.Gateways.Hosting;

/// <summary>The port of everything that speaks HTTP.</summary>
public sealed class HttpOptions() : PortOptions("Http", 8080)
{
    /// <summary>Connections that stay open, at one time; one more is refused. Default 100 000.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>The longest body of a request, in bytes. Default 1 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>How long the head of a request may take to arrive. Default 10 seconds.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Origins whose pages may connect, for example <c>https://example.org</c>, or <c>*</c> for all. Default
    /// none: pages from the host that they connect to, and from this machine.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    /// <summary>Names by which requests may reach a server that has no keys and listens to this machine only, beside
    /// <c>localhost</c> and loopback addresses; or <c>*</c> for all. Default none. What a proxy on this machine passes on
    /// has the name that its users know.</summary>
    public List<string> AllowedHosts { get; set; } = [];

    public override string? Validate()
    {
        if (base.Validate() is { } problem) return problem;
        if (MaxConnections < 1) return $"Http:MaxConnections {MaxConnections} lets nobody in; use 1 or more.";
        if (MaxBodyBytes is < 64 or > 1 << 30) return $"Http:MaxBodyBytes {MaxBodyBytes} is out of range; use 64 to {1 << 30}.";
        if (HeadersTimeout < TimeSpan.FromSeconds(1))
        {
            return $"Http:HeadersTimeout {HeadersTimeout} is too short; use 00:00:01 or more.";
        }

        var host = AllowedHosts.Find(host => host != "*" && Uri.CheckHostName(host) == UriHostNameType.Unknown);
        if (host is not null) return $"Http:AllowedHosts '{host}' is not a host; use for example signalbox.example.org, without a port, or *.";

        var wrong = AllowedOrigins.Find(origin => origin != "*" && !IsOrigin(origin));
        return wrong is null
            ? null
            : $"Http:AllowedOrigins '{wrong}' is not an origin; use for example https://example.org, or *.";
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);
}
