using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>How each version calls itself at the front of CONNECT (sections 3.1.2.1 and 3.1.2.2).</summary>
internal static class MqttProtocolName
{
    // A bridge sets it beside the version, to ask for more than the standard has; it understands a refusal.
    private const int BridgeBit = 0x80;

    private static ReadOnlySpan<byte> Oldest => "MQIsdp"u8;

    private static ReadOnlySpan<byte> Usual => "MQTT"u8;

    public static ReadOnlySpan<byte> Of(MqttVersion version) => version == MqttVersion.V31 ? Oldest : Usual;

    /// <param name="answerIn">In whose words to answer; none where it is no MQTT at all.</param>
    public static MqttVersion Read(ref MqttBodyReader reader, out MqttVersion answerIn)
    {
        answerIn = MqttVersion.None;
        var name = reader.Binary().Span;
        var level = reader.Byte();
        if (reader.Error is not null) return MqttVersion.None;

        var isOldest = name.SequenceEqual(Oldest);
        if (!isOldest && !name.SequenceEqual(Usual))
        {
            reader.Fail(MqttErrors.ProtocolNameUnknown);
            return MqttVersion.None;
        }

        var isKnown = isOldest ? level == (int)MqttVersion.V31 : level is (int)MqttVersion.V311 or (int)MqttVersion.V5;
        reader.FailIf(!isKnown, MqttErrors.ProtocolLevelUnknown);

        // A version to come will understand the newest we know, and an old one only its own.
        if (isOldest) answerIn = MqttVersion.V31;
        else answerIn = (level & ~BridgeBit) >= (int)MqttVersion.V5 ? MqttVersion.V5 : MqttVersion.V311;
        return isKnown ? (MqttVersion)level : MqttVersion.None;
    }
}
