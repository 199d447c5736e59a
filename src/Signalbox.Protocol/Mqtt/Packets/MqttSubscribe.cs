using System.Buffers;
using System.Diagnostics;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>SUBSCRIBE: one topic filter or many (section 3.8).</summary>
/// <remarks>
/// The filters are checked once and then read out of the packet one by one: a list of them would be many times as large
/// as the packet that a peer made us read.
/// </remarks>
public readonly struct MqttSubscribe
{
    private MqttSubscribe(ushort packetId, in MqttProperties properties, MqttSubscriptions subscriptions)
    {
        PacketId = packetId;
        Properties = properties;
        Subscriptions = subscriptions;
    }

    public ushort PacketId { get; }

    public MqttProperties Properties { get; }

    public MqttSubscriptions Subscriptions { get; }

    public static MqttError? Read(MqttVersion version, ReadOnlyMemory<byte> body, out MqttSubscribe packet)
    {
        var reader = new MqttBodyReader(body);
        var id = reader.PacketId();
        var properties = reader.Properties(version, MqttPropertyPlaces.Subscribe);
        reader.FailIf(!reader.HasMore, MqttErrors.NoFilters);

        var start = reader.Position;
        var count = 0;
        for (; reader.HasMore; count++) MqttSubscription.Read(ref reader, version);

        var subscriptions = new MqttSubscriptions(version, reader.Since(start), count);
        packet = reader.Error is null ? new MqttSubscribe(id, properties, subscriptions) : default;
        return reader.End();
    }

    public static void Write(
        IBufferWriter<byte> output,
        MqttVersion version,
        ushort packetId,
        in MqttProperties properties,
        ReadOnlySpan<MqttSubscription> subscriptions)
    {
        Debug.Assert(packetId != 0 && !subscriptions.IsEmpty, "It is acknowledged, and asks for something.");

        var body = sizeof(ushort) + MqttPacketWriter.SizeOfProperties(version, properties.Bytes.Length);
        foreach (var subscription in subscriptions) body += subscription.Size();

        var writer = new MqttPacketWriter(output, MqttPacketType.Subscribe, body);
        writer.UInt16(packetId);
        writer.Properties(version, properties);
        foreach (var subscription in subscriptions) subscription.Write(ref writer, version);
        writer.End();
    }
}
