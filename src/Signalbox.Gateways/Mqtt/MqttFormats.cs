using Signalbox.Protocol.Mqtt;

namespace Signalbox.Gateways.Mqtt;

/// <summary>The kinds of PUBLISH at QoS 0 that there are: each is written once for all of its kind.</summary>
internal sealed class MqttFormats(TimeProvider clock)
{
    private readonly MqttFormat[] _formats =
    [
        new(MqttVersion.V311, false, false, clock), new(MqttVersion.V5, false, false, clock), new(MqttVersion.V5, true, false, clock),
        new(MqttVersion.V311, false, true, clock), new(MqttVersion.V5, false, true, clock), new(MqttVersion.V5, true, true, clock),
    ];

    public MqttFormat Of(MqttVersion version, bool keepsRetain, bool isFramed) =>
        _formats[(version == MqttVersion.V5 ? keepsRetain ? 2 : 1 : 0) + (isFramed ? 3 : 0)];
}
