using System.Diagnostics;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>
/// One topic filter of SUBSCRIBE, and how it is meant (section 3.8.3.1).
/// <code>
///     7  6       5  4              3                     2          1  0
///  +----------+-----------------+---------------------+----------+-----+
///  | reserved | retain handling | retain as published | no local | QoS |
///  +----------+-----------------+---------------------+----------+-----+
/// </code>
/// Before 5.0 all but the QoS is reserved, and retained messages are always sent.
/// </summary>
public readonly record struct MqttSubscription
{
    private const int QosMask = 0b11;
    private const int NoLocalFlag = 1 << 2;
    private const int RetainFlag = 1 << 3;
    private const int HandlingShift = 4;
    private const int HandlingMask = 0b11;
    private const int Reserved = 0b1100_0000;
    private const int OldReserved = 0b1111_1100;

    public MqttTopicFilter Filter { get; init; }

    /// <summary>The most the subscriber wants.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>Nothing that the subscriber's own connection publishes.</summary>
    public bool NoLocal { get; init; }

    /// <summary>Live messages keep the publisher's retain flag.</summary>
    public bool RetainAsPublished { get; init; }

    public MqttRetainHandling RetainHandling { get; init; }

    internal static MqttSubscription Read(ref MqttBodyReader reader, MqttVersion version)
    {
        var text = reader.Text();
        var options = reader.Byte();
        if (reader.Error is not null) return default;

        // 3.1 calls the upper bits unused.
        if (version == MqttVersion.V31) options &= QosMask;
        reader.Fail(Check(version, options));
        reader.Fail(MqttTopicFilter.Read(version, text, out var filter));
        var subscription = new MqttSubscription
        {
            Filter = filter,
            Qos = (MqttQos)(options & QosMask),
            NoLocal = (options & NoLocalFlag) != 0,
            RetainAsPublished = (options & RetainFlag) != 0,
            RetainHandling = (MqttRetainHandling)(options >> HandlingShift & HandlingMask),
        };
        reader.FailIf(subscription.NoLocal && filter.IsShared, MqttErrors.SharedNoLocal);
        return subscription;
    }

    internal int Size() => MqttPacketWriter.SizeOfString(Filter.Text) + sizeof(byte);

    internal void Write(ref MqttPacketWriter writer, MqttVersion version)
    {
        Debug.Assert(!NoLocal || !Filter.IsShared, "A shared subscription cannot be no-local.");

        writer.String(Filter.Text.Span);
        writer.Byte(version == MqttVersion.V5 ? Options() : (byte)Qos);
    }

    private static MqttError? Check(MqttVersion version, byte options)
    {
        var reserved = version == MqttVersion.V5 ? Reserved : OldReserved;
        if ((options & reserved) != 0) return MqttErrors.SubscriptionOptionsReserved;
        if ((options & QosMask) == QosMask) return MqttErrors.SubscriptionQos;

        return (options >> HandlingShift & HandlingMask) == HandlingMask ? MqttErrors.RetainHandling : null;
    }

    private byte Options()
    {
        var options = (int)Qos | ((int)RetainHandling << HandlingShift);
        if (NoLocal) options |= NoLocalFlag;
        if (RetainAsPublished) options |= RetainFlag;
        return (byte)options;
    }
}
