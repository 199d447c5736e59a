using System.Buffers;
using System.Text.Unicode;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>PUBLISH: a message, on its way in either direction (section 3.3).</summary>
/// <remarks>A view without a copy or an allocation, since it is read for every message.</remarks>
public readonly struct MqttPublish
{
    private const int RetainFlag = 1 << 0;
    private const int QosShift = 1;
    private const int QosMask = 0b11;
    private const int DuplicateFlag = 1 << 3;

    public bool IsDuplicate { get; init; }

    public MqttQos Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>Empty where an alias that was said before stands for it.</summary>
    public ReadOnlyMemory<byte> Topic { get; init; }

    /// <summary>Zero at QoS 0.</summary>
    public ushort PacketId { get; init; }

    public MqttProperties Properties { get; init; }

    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <param name="flags">Of the fixed header.</param>
    public static MqttError? Read(
        MqttVersion version, MqttSender sender, byte flags, ReadOnlyMemory<byte> body, out MqttPublish packet)
    {
        var reader = new MqttBodyReader(body);
        var qos = (MqttQos)(flags >> QosShift & QosMask);
        var isDuplicate = (flags & DuplicateFlag) != 0;
        reader.FailIf(qos > MqttQos.ExactlyOnce, MqttErrors.QosReserved);

        // 3.1 has the flag for all that is sent again, and does not say that it must be off here, where it means nothing.
        var isWrongDuplicate = isDuplicate && qos == MqttQos.AtMostOnce && version != MqttVersion.V31;
        reader.FailIf(isWrongDuplicate, MqttErrors.DuplicateAtMostOnce);

        var topic = reader.Text();
        var id = qos == MqttQos.AtMostOnce ? (ushort)0 : reader.PacketId();
        var properties = reader.Properties(version, MqttPropertyPlaces.Publish);
        reader.Fail(CheckTopic(topic.Span, properties));
        var isOfServer = properties.Has(MqttPropertyId.SubscriptionIdentifier);
        reader.FailIf(isOfServer && sender == MqttSender.Client, MqttErrors.PropertyNotSenders);

        packet = new MqttPublish
        {
            IsDuplicate = isDuplicate && qos != MqttQos.AtMostOnce,
            Qos = qos,
            Retain = (flags & RetainFlag) != 0,
            Topic = topic,
            PacketId = id,
            Properties = properties,
            Payload = reader.Rest(),
        };
        return reader.Error;
    }

    /// <summary>Is the payload what its format indicator says? That is a look at every byte, so one asks.</summary>
    public MqttError? CheckPayload() => CheckPayload(Properties, Payload);

    public int SizeOf(MqttVersion version) => Head().PacketSize(version, MqttPublishTail.Of(Properties, Payload));

    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        Head().Write(output, version, MqttPublishTail.Of(Properties, Payload));
        MqttPublishTail.Write(output, version, Properties, Payload.Span);
    }

    internal static MqttError? CheckPayload(in MqttProperties properties, ReadOnlyMemory<byte> payload)
    {
        var isText = properties.NumberOf(MqttPropertyId.PayloadFormatIndicator) == 1;
        return isText && !Utf8.IsValid(payload.Span) ? MqttErrors.PayloadFormat : null;
    }

    internal static byte FlagsOf(MqttQos qos, bool retain, bool isDuplicate)
    {
        var flags = (int)qos << QosShift;
        if (retain) flags |= RetainFlag;
        if (isDuplicate) flags |= DuplicateFlag;
        return (byte)flags;
    }

    private static MqttError? CheckTopic(ReadOnlySpan<byte> topic, in MqttProperties properties)
    {
        var isAlias = topic.IsEmpty && properties.Has(MqttPropertyId.TopicAlias);
        return isAlias ? null : MqttTopics.CheckName(topic);
    }

    private MqttPublishHead Head() => new()
    {
        Qos = Qos,
        Retain = Retain,
        IsDuplicate = IsDuplicate,
        Topic = Topic.Span,
        PacketId = PacketId,
    };
}
