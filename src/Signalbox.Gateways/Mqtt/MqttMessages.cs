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
    /// <param name="mayBeDropped">Whether it may be given up on its way out: then it can tell of no alias.</param>
    /// <returns>Whether it was written: it is not where it is larger than the subscriber takes.</returns>
    public static bool TryWrite(
        JsonBuffer output,
        MqttRecipient to,
        string channel,
        Message message,
        MqttDelivery delivery,
        ushort packetId,
        bool isDuplicate,
        DateTimeOffset now,
        bool mayBeDropped)
    {
        var version = to.Version;
        Span<byte> topic = stackalloc byte[MaxTopicBytes];
        topic = topic[..Encoding.UTF8.GetBytes(channel, topic)];
        var known = to.Aliases?.Find(channel) ?? 0;
        var told = known == 0 && !mayBeDropped ? to.Aliases?.NextFor(topic) ?? 0 : (ushort)0;
        var properties = version == MqttVersion.V5 ? PropertiesOf(message.Headers) : default;
        var tail = MqttPublishTail.Of(properties, message.Payload.Bytes);
        var head = new MqttPublishHead
        {
            Qos = QosOf(delivery.Quality),
            Retain = delivery.Retain,
            IsDuplicate = isDuplicate,
            Topic = known == 0 ? topic : default,
            TopicAlias = known == 0 ? told : known,
            PacketId = packetId,
            MessageExpirySeconds = version == MqttVersion.V5 ? SecondsLeft(message, now) : null,
            SubscriptionIds = version == MqttVersion.V5 ? ImmutableCollectionsMarshal.AsArray(delivery.Identifiers) : [],
        };
        var isTooLarge = head.PacketSize(version, tail) > to.MaxBytes;
        if (isTooLarge && told != 0)
        {
            // It may be the alias that is too much.
            told = 0;
            head = head with { TopicAlias = 0 };
            isTooLarge = head.PacketSize(version, tail) > to.MaxBytes;
        }

        if (isTooLarge) return false;

        if (told != 0) to.Aliases!.Add(channel, told); // It is from there.
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
