using System.Buffers;
using System.Diagnostics;
using Signalbox.Protocol.Mqtt.Properties;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>
/// The front of a PUBLISH, with all that may differ from subscriber to subscriber; the tail is the same bytes for all.
/// <code>
///  head                                                                              tail
///  +--------------+-------+------------------+------------------+----------------++-------------------+---------+
///  | fixed header | topic | packet id, QoS>0 | properties' length | own properties || shared properties | payload |
///  +--------------+-------+------------------+------------------+----------------++-------------------+---------+
/// </code>
/// Where nobody has something of his own (QoS 0, no alias, no identifiers) head and tail are written once together.
/// </summary>
/// <remarks>What the head has must not be among the shared properties too. Before 5.0 neither is written.</remarks>
public readonly ref struct MqttPublishHead
{
    private const int AliasBytes = 1 + sizeof(ushort);
    private const int ExpiryBytes = 1 + sizeof(uint);

    public MqttQos Qos { get; init; }

    public bool Retain { get; init; }

    public bool IsDuplicate { get; init; }

    /// <summary>Empty where the subscriber knows the alias.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Zero at QoS 0.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Zero where there is none.</summary>
    public ushort TopicAlias { get; init; }

    public uint? MessageExpirySeconds { get; init; }

    public ReadOnlySpan<uint> SubscriptionIds { get; init; }

    /// <summary>How long head and tail are together: what the receiver's maximum packet size is about.</summary>
    public int PacketSize(MqttVersion version, MqttPublishTail tail) =>
        MqttPacketWriter.SizeOf(OwnBytes(version, tail) + tail.SizeOf(version));

    /// <summary>Writes the head; the tail has to follow.</summary>
    public void Write(IBufferWriter<byte> output, MqttVersion version, MqttPublishTail tail)
    {
        Debug.Assert((Qos == MqttQos.AtMostOnce) == (PacketId == 0), "What is acknowledged has an identifier.");
        Debug.Assert(Qos != MqttQos.AtMostOnce || !IsDuplicate, "What may get lost is not sent again.");

        var own = OwnBytes(version, tail);
        var flags = MqttPublish.FlagsOf(Qos, Retain, IsDuplicate);
        var writer = new MqttPacketWriter(output, MqttPacketType.Publish, flags, own + tail.SizeOf(version), own);
        writer.String(Topic);
        if (PacketId != 0) writer.UInt16(PacketId);
        if (version == MqttVersion.V5) WriteProperties(ref writer, tail);
        writer.End();
    }

    private void WriteProperties(ref MqttPacketWriter writer, MqttPublishTail tail)
    {
        writer.VarInt((uint)(OwnPropertyBytes() + tail.PropertyBytes));
        if (TopicAlias != 0)
        {
            writer.Byte((byte)MqttPropertyId.TopicAlias);
            writer.UInt16(TopicAlias);
        }

        if (MessageExpirySeconds is { } seconds)
        {
            writer.Byte((byte)MqttPropertyId.MessageExpiryInterval);
            writer.UInt32(seconds);
        }

        foreach (var id in SubscriptionIds)
        {
            writer.Byte((byte)MqttPropertyId.SubscriptionIdentifier);
            writer.VarInt(id);
        }
    }

    // What the head writes behind the fixed header.
    private int OwnBytes(MqttVersion version, MqttPublishTail tail)
    {
        var bytes = sizeof(ushort) + Topic.Length + (PacketId != 0 ? sizeof(ushort) : 0);
        if (version != MqttVersion.V5) return bytes;

        var properties = OwnPropertyBytes();
        return bytes + MqttVarInt.SizeOf((uint)(properties + tail.PropertyBytes)) + properties;
    }

    private int OwnPropertyBytes()
    {
        var bytes = TopicAlias != 0 ? AliasBytes : 0;
        if (MessageExpirySeconds is not null) bytes += ExpiryBytes;
        foreach (var id in SubscriptionIds) bytes += 1 + MqttVarInt.SizeOf(id);
        return bytes;
    }
}
