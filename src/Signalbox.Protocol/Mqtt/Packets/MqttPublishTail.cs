using System.Buffers;
using Signalbox.Protocol.Mqtt.Properties;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>How long the end of a PUBLISH is that all subscribers share: see <see cref="MqttPublishHead"/>.</summary>
public readonly record struct MqttPublishTail(int PropertyBytes, int PayloadBytes)
{
    public static MqttPublishTail Of(in MqttProperties properties, ReadOnlyMemory<byte> payload) =>
        new(properties.Bytes.Length, payload.Length);

    /// <summary>Versions before 5.0 have no properties, and there they are left out.</summary>
    public int SizeOf(MqttVersion version) => (version == MqttVersion.V5 ? PropertyBytes : 0) + PayloadBytes;

    public static void Write(
        IBufferWriter<byte> output, MqttVersion version, in MqttProperties properties, ReadOnlySpan<byte> payload)
    {
        if (version == MqttVersion.V5) output.Write(properties.Bytes.Span);
        output.Write(payload);
    }
}
