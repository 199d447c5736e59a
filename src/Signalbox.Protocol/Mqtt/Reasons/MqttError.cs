namespace Signalbox.Protocol.Mqtt.Reasons;

/// <summary>A rule that a packet broke. There is one instance a rule: see <see cref="MqttErrors"/>.</summary>
/// <param name="Reason">What MQTT 5.0 says in CONNACK or DISCONNECT.</param>
/// <param name="Sentence">What the client's author should know; short enough for a reason string.</param>
public sealed record MqttError(MqttReasonCode Reason, string Sentence)
{
    /// <summary>What CONNACK says in 3.1 and 3.1.1; null where the connection is closed without a word.</summary>
    public byte? ReturnCode => MqttReasonCodes.ReturnCodeOf(Reason);
}
