using Signalbox.Gateways.Hosting;

namespace Signalbox.Gateways.Mqtt;

/// <summary>The port of MQTT over TLS, beside the one without; what else is set of MQTT counts for both.</summary>
public sealed class MqttTlsOptions() : PortOptions("MqttTls", 0)
{
    public override string? Validate()
    {
        if (base.Validate() is { } problem) return problem;
        return Port > 0 && Certificate is null ? "MqttTls:Port is TLS only: set MqttTls:Certificate, or MqttTls:Port 0 to turn it off." : null;
    }
}
