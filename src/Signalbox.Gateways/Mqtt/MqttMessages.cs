using System.Runtime.InteropServices;
using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Mqtt;

/// <summary>Writes a channel's messages as PUBLISH packets.</summary>
internal static class MqttMessages
{
    // A channel's name has 255 bytes, and a prefix of ours may be before it.
    private const int MaxTopicBytes = 512;

    [ThreadStatic]
    private static MqttPropertyBuilder? _builder;

    /// <summary>Writes a message as this subscriber is to get it.</summary>
    /// <param name="packetId">0 at QoS 0.</param>
    /// <param name="maxBytes">Nothing is written where the packet is larger.</param>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite(
        JsonBuffer output,
        MqttVersion version,
        string channel,
        Message message,
        MqttDelivery delivery,
        ushort packetId,
        bool isDuplicate,
        DateTimeOffset now,
        int maxBytes)
    {
        Span<byte> topic = stackalloc byte[MaxTopicBytes];
        topic = topic[..Encoding.UTF8.GetBytes(channel, topic)];
        var properties = version == MqttVersion.V5 ? PropertiesOf(message.Headers) : default;
        var tail = MqttPublishTail.Of(properties, message.Payload.Bytes);
        var head = new MqttPublishHead
        {
            Qos = QosOf(delivery.Quality),
            Retain = delivery.Retain,
            IsDuplicate = isDuplicate,
            Topic = topic,
            PacketId = packetId,
            MessageExpirySeconds = version == MqttVersion.V5 ? SecondsLeft(message, now) : null,
            SubscriptionIds = version == MqttVersion.V5 ? ImmutableCollectionsMarshal.AsArray(delivery.Identifiers) : [],
        };
        if (head.PacketSize(version, tail) > maxBytes) return false;

        head.Write(output, version, tail);
        MqttPublishTail.Write(output, version, properties, message.Payload.Bytes.Span);
        return true;
    }

    public static MqttQos QosOf(Quality quality) => (MqttQos)((int)quality - (int)Quality.AtMostOnce);

    public static Quality QualityOf(MqttQos qos) => (Quality)((int)qos + (int)Quality.AtMostOnce);

    private static MqttProperties PropertiesOf(Headers headers)
    {
        if (headers.IsEmpty) return default;

        var builder = _builder ??= new MqttPropertyBuilder();
        builder.Clear();
        MqttHeaders.Write(builder, headers);
        return builder.Build();
    }

    private static uint? SecondsLeft(Message message, DateTimeOffset now)
    {
        if (message.Headers.IsEmpty || MqttHeaders.ExpiryOf(message.Headers, message.Time) is not { } expiry) return null;

        return (uint)Math.Clamp(Math.Ceiling((expiry - now).TotalSeconds), 0, uint.MaxValue);
    }
}
