using Signalbox.Gateways.Hooks;
using Signalbox.Gateways.Mqtt;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Sse;
using Signalbox.Gateways.Tcp;
using Signalbox.Gateways.WebSockets;

namespace Signalbox.Gateways.Hosting;

/// <summary>What the gateways of a process are set to, whatever engine is behind them.</summary>
public class GatewayOptions
{
    /// <summary>Listen beyond this machine without a key, with or without a certificate. Default false; also as
    /// <c>--insecure</c>.</summary>
    public bool Insecure { get; set; }

    /// <summary>What carries the bytes of every port. Default Auto: our own transport where it works.</summary>
    public TransportKind Transport { get; set; }

    /// <summary>Connections at one time, on all ports together; more are refused. Default 0: as many as there are files
    /// for, which is the most in any case.</summary>
    public int MaxConnections { get; set; }

    public TcpOptions Tcp { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public WebSocketOptions WebSockets { get; set; } = new();

    public MqttOptions Mqtt { get; set; } = new();

    public MqttTlsOptions MqttTls { get; set; } = new();

    public SseOptions Sse { get; set; } = new();

    public SecurityOptions Security { get; set; } = new();

    public SessionOptions Session { get; set; } = new();

    public HookOptions Hooks { get; set; } = new();

    internal IEnumerable<PortOptions> Ports => [Tcp, Http, Mqtt, MqttTls];

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public virtual IEnumerable<string> Validate()
    {
        foreach (var port in Ports)
        {
            if (port.Validate() is { } problem) yield return problem;
        }

        if (MaxConnections < 0) yield return $"MaxConnections {MaxConnections} is negative; use 0 for as many as there are files for.";
        var parts = Security.Validate().Concat(WebSockets.Validate()).Concat(Sse.Validate()).Concat(Session.Validate())
            .Concat(Hooks.Validate()).Concat(ValidateTimes());
        foreach (var problem in parts) yield return problem;
    }

    private IEnumerable<string> ValidateTimes() => LongestTimes.Validate(
        LongestTimes.Waiting,
        ("Http:HeadersTimeout", Http.HeadersTimeout),
        ("Sse:Heartbeat", Sse.Heartbeat),
        ("Sse:Retry", Sse.Retry),
        ("Sse:ReconnectSpread", Sse.ReconnectSpread),
        ("Security:HelloTimeout", Security.HelloTimeout),
        ("Session:PingInterval", Session.PingInterval),
        ("Session:IdleTimeout", Session.IdleTimeout),
        ("Session:CloseTimeout", Session.CloseTimeout));

    /// <summary>For hosts that listen where these options say.</summary>
    /// <returns>What is wrong with that, and what would be right: one sentence each.</returns>
    public IEnumerable<string> ValidateListening()
    {
        foreach (var port in Ports)
        {
            if (!Insecure && !Security.HasKeys && port.Validate() is null && port.Warn() is { } warning) yield return warning;
        }

        if (!Ports.Any(port => port.IsOn)) yield return $"Nothing listens: {string.Join(" and ", Ports.Select(port => port.Name))} are 0.";
    }

    /// <summary>For hosts that listen where something else says.</summary>
    /// <param name="addresses">Where they do, as <c>http://address:port</c> or <c>https://address:port</c>.</param>
    /// <returns>What to do about an address that is open to all; null where there is none.</returns>
    public string? Warn(IEnumerable<string> addresses)
    {
        if (Insecure || Security.HasKeys) return null;

        return addresses.FirstOrDefault(IsOpenToAll) is { } open
            ? $"{open} is open to other machines, and nothing there authenticates clients: set Security:Keys or "
                + "Security:ApiKeys (https encrypts, it does not authenticate), keep to 127.0.0.1, or say Insecure if that is "
                + "what you want."
            : null;
    }

    // What is no address of a machine, such as a pipe or a socket in the file system, others do not reach.
    private static bool IsOpenToAll(string address)
    {
        foreach (var scheme in new[] { "http://", "https://" })
        {
            if (!address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) continue;

            var host = address.AsSpan(scheme.Length);
            if (host.StartsWith("unix:", StringComparison.OrdinalIgnoreCase)) return false;
            if (host.StartsWith("pipe:", StringComparison.OrdinalIgnoreCase)) return false;
            return !Uri.TryCreate(address, UriKind.Absolute, out var uri) || !uri.IsLoopback;
        }

        return false;
    }
}
