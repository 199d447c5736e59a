using System.Buffers;
using System.Diagnostics;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>UNSUBSCRIBE: the end of one subscription or of many (section 3.10).</summary>
public readonly struct MqttUnsubscribe
{
    private MqttUnsubscribe(ushort packetId, in MqttProperties properties, MqttTopicFilters filters)
    {
        PacketId = packetId;
        Properties = properties;
        Filters = filters;
    }

    public ushort PacketId { get; }

    public MqttProperties Properties { get; }

    public MqttTopicFilters Filters { get; }

    public static MqttError? Read(MqttVersion version, ReadOnlyMemory<byte> body, out MqttUnsubscribe packet)
    {
        var reader = new MqttBodyReader(body);
        var id = reader.PacketId();
        var properties = reader.Properties(version, MqttPropertyPlaces.Unsubscribe);
        reader.FailIf(!reader.HasMore, MqttErrors.NoFilters);

        var start = reader.Position;
        var count = 0;
        for (; reader.HasMore; count++) reader.Fail(MqttTopicFilter.Read(version, reader.Text(), out _));

        var filters = new MqttTopicFilters(version, reader.Since(start), count);
        packet = reader.Error is null ? new MqttUnsubscribe(id, properties, filters) : default;
        return reader.End();
    }

    public static void Write(
        IBufferWriter<byte> output,
        MqttVersion version,
        ushort packetId,
        in MqttProperties properties,
        ReadOnlySpan<MqttTopicFilter> filters)
    {
        Debug.Assert(packetId != 0 && !filters.IsEmpty, "It is acknowledged, and ends something.");

        var body = sizeof(ushort) + MqttPacketWriter.SizeOfProperties(version, properties.Bytes.Length);
        foreach (var filter in filters) body += MqttPacketWriter.SizeOfString(filter.Text);

        var writer = new MqttPacketWriter(output, MqttPacketType.Unsubscribe, body);
        writer.UInt16(packetId);
        writer.Properties(version, properties);
        foreach (var filter in filters) writer.String(filter.Text.Span);
        writer.End();
    }
}
