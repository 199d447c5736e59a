using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Properties;

/// <summary>
/// The properties of one packet as they were sent, checked once: what is asked for is looked up in the bytes.
/// </summary>
/// <remarks>A slice of the packet; whoever keeps it copies <see cref="Bytes"/>.</remarks>
public readonly struct MqttProperties
{
    // Which there are, a bit each: so a question for what is not there, the usual one, is answered at once.
    private readonly ulong _present;

    private MqttProperties(ReadOnlyMemory<byte> bytes, ulong present)
    {
        Bytes = bytes;
        _present = present;
    }

    /// <summary>The properties one behind the other, without their length.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public bool IsEmpty => Bytes.IsEmpty;

    public bool Has(MqttPropertyId id) => (_present & BitOf(id)) != 0;

    /// <returns>Null where it is not there; the first where there are many.</returns>
    public uint? NumberOf(MqttPropertyId id) => Has(id) ? First(id).Number : null;

    /// <returns>Null where it is not there.</returns>
    /// <remarks>Its null has a type: a bare one would become empty memory, by way of an array that is null.</remarks>
    public ReadOnlyMemory<byte>? BytesOf(MqttPropertyId id) =>
        Has(id) ? First(id).Value : default(ReadOnlyMemory<byte>?);

    public MqttPropertyEnumerator GetEnumerator() => new(Bytes);

    /// <summary>Takes bytes that are known to be properties.</summary>
    internal static MqttProperties Of(ReadOnlyMemory<byte> bytes)
    {
        var present = 0UL;
        foreach (var property in new MqttProperties(bytes, 0)) present |= BitOf(property.Id);
        return new MqttProperties(bytes, present);
    }

    internal static MqttError? Read(
        ReadOnlyMemory<byte> bytes, MqttPropertyPlaces place, out MqttProperties properties)
    {
        properties = default;
        var reader = new MqttBodyReader(bytes);
        var present = 0UL;
        while (reader.HasMore)
        {
            var property = MqttProperty.Read(ref reader);
            var rule = MqttPropertyRule.Of((uint)property.Id);
            if (reader.Error is null) reader.Fail(Check(property, rule, place));

            var bit = BitOf(property.Id);
            if ((present & bit) != 0 && !MayRepeat(property.Id, place)) reader.Fail(MqttErrors.PropertyTwice);
            present |= bit;
        }

        if (reader.Error is null) properties = new MqttProperties(bytes, present);
        return reader.Error;
    }

    private static MqttError? Check(in MqttProperty property, in MqttPropertyRule rule, MqttPropertyPlaces place)
    {
        if ((rule.Places & place) == 0) return MqttErrors.PropertyUnknown;

        switch (rule.Kind)
        {
            case MqttPropertyKind.Binary:
                return null;

            case MqttPropertyKind.Text or MqttPropertyKind.Pair:
                var isText = MqttTopics.IsText(property.Name.Span) && MqttTopics.IsText(property.Value.Span);
                if (!isText) return MqttErrors.NotUtf8;

                if (property.Id != MqttPropertyId.ResponseTopic) return null;
                return MqttTopics.CheckName(property.Value.Span) is null ? null : MqttErrors.ResponseTopic;

            default:
                if (property.Number >= rule.Min && property.Number <= rule.Max) return null;
                return property.Id == MqttPropertyId.TopicAlias ? MqttErrors.TopicAliasZero : MqttErrors.PropertyValue;
        }
    }

    // A message may have come by many subscriptions; a subscription has one identifier.
    private static bool MayRepeat(MqttPropertyId id, MqttPropertyPlaces place) =>
        id == MqttPropertyId.UserProperty
        || (id == MqttPropertyId.SubscriptionIdentifier && place == MqttPropertyPlaces.Publish);

    private MqttProperty First(MqttPropertyId id)
    {
        foreach (var property in this)
        {
            if (property.Id == id) return property;
        }

        return default;
    }

    private static ulong BitOf(MqttPropertyId id) => 1UL << (int)id;
}
