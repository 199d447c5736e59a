using System.Buffers;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>DISCONNECT: the last word of either side (section 3.14). Before 5.0 only the client has one.</summary>
public readonly struct MqttDisconnect
{
    public MqttReasonCode Reason { get; init; }

    public MqttProperties Properties { get; init; }

    public static MqttError? Read(
        MqttVersion version, MqttSender sender, ReadOnlyMemory<byte> body, out MqttDisconnect packet)
    {
        var reader = new MqttBodyReader(body);
        var reason = MqttReasonCode.Success;
        MqttProperties properties = default;
        if (version == MqttVersion.V5 && reader.HasMore)
        {
            reason = (MqttReasonCode)reader.Byte();
            reader.FailIf(!reason.IsAllowedIn(MqttPacketType.Disconnect, sender), MqttErrors.ReasonNotAllowed);
            if (reader.HasMore) properties = reader.Properties(version, MqttPropertyPlaces.Disconnect);
        }

        var isOfClient = properties.Has(MqttPropertyId.SessionExpiryInterval);
        reader.FailIf(isOfClient && sender == MqttSender.Server, MqttErrors.PropertyNotSenders);

        packet = new MqttDisconnect { Reason = reason, Properties = properties };
        return reader.End();
    }

    public int SizeOf(MqttVersion version) => MqttPacketWriter.SizeOf(BodySize(version));

    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var body = BodySize(version);
        var writer = new MqttPacketWriter(output, MqttPacketType.Disconnect, body);
        if (body > 0) writer.Byte((byte)Reason);
        if (body > 1) writer.Properties(version, Properties);
        writer.End();
    }

    private int BodySize(MqttVersion version)
    {
        if (version != MqttVersion.V5) return 0;
        if (!Properties.IsEmpty) return 1 + MqttPacketWriter.SizeOfProperties(version, Properties.Bytes.Length);

        return Reason == MqttReasonCode.Success ? 0 : 1;
    }
}
