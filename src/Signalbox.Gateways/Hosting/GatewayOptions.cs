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
    /// <summary>Listen beyond this machine without a key or certificate. Default false; also as <c>--insecure</c>.</summary>
    public bool Insecure { get; set; }

    /// <summary>What carries the bytes of every port. Default Auto: our own transport where it works.</summary>
    public TransportKind Transport { get; set; }

    public TcpOptions Tcp { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public WebSocketOptions WebSockets { get; set; } = new();

    public MqttOptions Mqtt { get; set; } = new();

    public MqttTlsOptions MqttTls { get; set; } = new();

    public SseOptions Sse { get; set; } = new();

    public SecurityOptions Security { get; set; } = new();

    public SessionOptions Session { get; set; } = new();

    internal IEnumerable<PortOptions> Ports => [Tcp, Http, Mqtt, MqttTls];

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public virtual IEnumerable<string> Validate()
    {
        foreach (var port in Ports)
        {
            if (port.Validate() is { } problem) yield return problem;
            else if (!Insecure && !Security.HasKeys && port.Warn() is { } warning) yield return warning;
        }

        if (!Ports.Any(port => port.IsOn)) yield return $"Nothing listens: {string.Join(" and ", Ports.Select(port => port.Name))} are 0.";
        var parts = Security.Validate().Concat(WebSockets.Validate()).Concat(Sse.Validate()).Concat(Session.Validate());
        foreach (var problem in parts) yield return problem;
    }
}
