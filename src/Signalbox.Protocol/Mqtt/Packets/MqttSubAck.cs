using System.Buffers;
using System.Diagnostics;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>SUBACK: what became of each subscription (section 3.9).</summary>
public readonly struct MqttSubAck
{
    public ushort PacketId { get; init; }

    public MqttProperties Properties { get; init; }

    /// <summary>One <see cref="MqttReasonCode"/> a byte, in the order of the filters.</summary>
    public ReadOnlyMemory<byte> Reasons { get; init; }

    public static MqttError? Read(MqttVersion version, ReadOnlyMemory<byte> body, out MqttSubAck packet)
    {
        var reader = new MqttBodyReader(body);
        var id = reader.PacketId();
        var properties = reader.Properties(version, MqttPropertyPlaces.SubAck);
        reader.FailIf(!reader.HasMore, MqttErrors.Truncated);
        var reasons = reader.Rest();
        foreach (var reason in reasons.Span)
        {
            reader.FailIf(!IsAllowed((MqttReasonCode)reason, version), MqttErrors.ReasonNotAllowed);
        }

        packet = new MqttSubAck { PacketId = id, Properties = properties, Reasons = reasons };
        return reader.End();
    }

    public int SizeOf(MqttVersion version) => MqttPacketWriter.SizeOf(BodySize(version));

    /// <summary>Before 5.0 every failure is written as the one there is.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        Debug.Assert(PacketId != 0 && !Reasons.IsEmpty, "It answers a SUBSCRIBE, which has a filter.");

        var writer = new MqttPacketWriter(output, MqttPacketType.SubAck, BodySize(version));
        writer.UInt16(PacketId);
        writer.Properties(version, Properties);
        foreach (var one in Reasons.Span)
        {
            var reason = (MqttReasonCode)one;
            writer.Byte((byte)(version == MqttVersion.V5 ? reason : MqttReasonCodes.InOldSubAck(reason)));
        }

        writer.End();
    }

    private static bool IsAllowed(MqttReasonCode reason, MqttVersion version) => version == MqttVersion.V5
        ? reason.IsAllowedIn(MqttPacketType.SubAck, MqttSender.Server)
        : MqttReasonCodes.IsAllowedInOldSubAck(reason);

    private int BodySize(MqttVersion version) =>
        sizeof(ushort) + MqttPacketWriter.SizeOfProperties(version, Properties.Bytes.Length) + Reasons.Length;
}
