using System.Buffers;
using System.Diagnostics;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP: one form, four types (sections 3.4 to 3.7).</summary>
/// <remarks>As all packets here it is a view: good as long as the bytes it was read from. Nothing is copied.</remarks>
public readonly struct MqttAck
{
    private const int ShortBody = sizeof(ushort);

    public MqttPacketType Type { get; init; }

    public ushort PacketId { get; init; }

    /// <summary>Success in versions before 5.0, which cannot say anything else.</summary>
    public MqttReasonCode Reason { get; init; }

    public MqttProperties Properties { get; init; }

    public static MqttError? Read(
        MqttVersion version, MqttPacketType type, ReadOnlyMemory<byte> body, out MqttAck packet)
    {
        Debug.Assert(IsAck(type), "It is one of the four.");

        var reader = new MqttBodyReader(body);
        var id = reader.PacketId();
        var reason = MqttReasonCode.Success;
        MqttProperties properties = default;
        if (version == MqttVersion.V5 && reader.HasMore)
        {
            reason = (MqttReasonCode)reader.Byte();
            reader.FailIf(!reason.IsAllowedIn(type, MqttSender.Client), MqttErrors.ReasonNotAllowed);
            if (reader.HasMore) properties = reader.Properties(version, (MqttPropertyPlaces)(1 << (int)type));
        }

        packet = new MqttAck { Type = type, PacketId = id, Reason = reason, Properties = properties };
        return reader.End();
    }

    public int SizeOf(MqttVersion version) => MqttPacketWriter.SizeOf(BodySize(version));

    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        Debug.Assert(IsAck(Type) && PacketId != 0, "It answers a message.");

        var body = BodySize(version);
        var writer = new MqttPacketWriter(output, Type, body);
        writer.UInt16(PacketId);
        if (body > ShortBody) writer.Byte((byte)Reason);
        if (body > ShortBody + 1) writer.Properties(version, Properties);
        writer.End();
    }

    private static bool IsAck(MqttPacketType type) => type is >= MqttPacketType.PubAck and <= MqttPacketType.PubComp;

    private int BodySize(MqttVersion version)
    {
        if (version != MqttVersion.V5) return ShortBody;
        if (!Properties.IsEmpty)
        {
            return ShortBody + 1 + MqttPacketWriter.SizeOfProperties(version, Properties.Bytes.Length);
        }

        return Reason == MqttReasonCode.Success ? ShortBody : ShortBody + 1;
    }
}
