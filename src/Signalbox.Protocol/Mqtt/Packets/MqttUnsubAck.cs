using System.Buffers;
using System.Diagnostics;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>UNSUBACK: what became of each filter (section 3.11). Before 5.0 it says only that it was read.</summary>
public readonly struct MqttUnsubAck
{
    public ushort PacketId { get; init; }

    public MqttProperties Properties { get; init; }

    /// <summary>One <see cref="MqttReasonCode"/> a byte, in the order of the filters; none before 5.0.</summary>
    public ReadOnlyMemory<byte> Reasons { get; init; }

    public static MqttError? Read(MqttVersion version, ReadOnlyMemory<byte> body, out MqttUnsubAck packet)
    {
        var reader = new MqttBodyReader(body);
        var id = reader.PacketId();
        var properties = reader.Properties(version, MqttPropertyPlaces.UnsubAck);
        ReadOnlyMemory<byte> reasons = default;
        if (version == MqttVersion.V5)
        {
            reader.FailIf(!reader.HasMore, MqttErrors.Truncated);
            reasons = reader.Rest();
        }

        foreach (var reason in reasons.Span)
        {
            var isAllowed = ((MqttReasonCode)reason).IsAllowedIn(MqttPacketType.UnsubAck, MqttSender.Server);
            reader.FailIf(!isAllowed, MqttErrors.ReasonNotAllowed);
        }

        packet = new MqttUnsubAck { PacketId = id, Properties = properties, Reasons = reasons };
        return reader.End();
    }

    public int SizeOf(MqttVersion version) => MqttPacketWriter.SizeOf(BodySize(version));

    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        Debug.Assert(PacketId != 0, "It answers an UNSUBSCRIBE.");

        var writer = new MqttPacketWriter(output, MqttPacketType.UnsubAck, BodySize(version));
        writer.UInt16(PacketId);
        writer.Properties(version, Properties);
        if (version == MqttVersion.V5) writer.Raw(Reasons.Span);
        writer.End();
    }

    private int BodySize(MqttVersion version) => version == MqttVersion.V5
        ? sizeof(ushort) + MqttPacketWriter.SizeOfProperties(version, Properties.Bytes.Length) + Reasons.Length
        : sizeof(ushort);
}
