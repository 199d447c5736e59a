using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>What the server shall publish when the client is gone without a word (section 3.1.3).</summary>
public readonly struct MqttWill
{
    public MqttQos Qos { get; init; }

    public bool Retain { get; init; }

    public ReadOnlyMemory<byte> Topic { get; init; }

    public ReadOnlyMemory<byte> Payload { get; init; }

    public MqttProperties Properties { get; init; }

    /// <summary>Is the payload what its format indicator says? That is a look at every byte, so one asks.</summary>
    public MqttError? CheckPayload() => MqttPublish.CheckPayload(Properties, Payload);

    internal static MqttWill Read(ref MqttBodyReader reader, MqttVersion version, MqttQos qos, bool retain)
    {
        var properties = reader.Properties(version, MqttPropertyPlaces.Will);
        var topic = reader.Text();
        reader.Fail(MqttTopics.CheckName(topic.Span));
        var payload = reader.Binary();
        return new MqttWill { Qos = qos, Retain = retain, Topic = topic, Payload = payload, Properties = properties };
    }

    internal int SizeOf(MqttVersion version) =>
        MqttPacketWriter.SizeOfProperties(version, Properties.Bytes.Length)
        + MqttPacketWriter.SizeOfString(Topic)
        + MqttPacketWriter.SizeOfString(Payload);

    internal void Write(ref MqttPacketWriter writer, MqttVersion version)
    {
        writer.Properties(version, Properties);
        writer.String(Topic.Span);
        writer.String(Payload.Span);
    }
}
