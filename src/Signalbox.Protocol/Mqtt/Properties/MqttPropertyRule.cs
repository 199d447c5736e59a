using static Signalbox.Protocol.Mqtt.Properties.MqttPropertyKind;
using static Signalbox.Protocol.Mqtt.Properties.MqttPropertyPlaces;

namespace Signalbox.Protocol.Mqtt.Properties;

/// <summary>What the standard says of one property: table 2-4, and the ranges from the text.</summary>
internal readonly record struct MqttPropertyRule(
    MqttPropertyKind Kind, MqttPropertyPlaces Places, uint Min = 0, uint Max = uint.MaxValue)
{
    private static readonly MqttPropertyRule[] Rules = Table();

    public static MqttPropertyRule Of(uint id) => id < (uint)Rules.Length ? Rules[id] : default;

    private static MqttPropertyRule[] Table()
    {
        var rules = new MqttPropertyRule[(int)MqttPropertyId.SharedSubscriptionAvailable + 1];
        void Say(MqttPropertyId id, MqttPropertyRule rule) => rules[(int)id] = rule;
        var flag = new MqttPropertyRule(MqttPropertyKind.Byte, MqttPropertyPlaces.None, Max: 1);

        Say(MqttPropertyId.PayloadFormatIndicator, flag with { Places = Messages });
        Say(MqttPropertyId.MessageExpiryInterval, new(MqttPropertyKind.UInt32, Messages));
        Say(MqttPropertyId.ContentType, new(Text, Messages));
        Say(MqttPropertyId.ResponseTopic, new(Text, Messages));
        Say(MqttPropertyId.CorrelationData, new(Binary, Messages));
        Say(MqttPropertyId.SubscriptionIdentifier, new(VarInt, Publish | Subscribe, Min: 1));
        Say(MqttPropertyId.SessionExpiryInterval, new(MqttPropertyKind.UInt32, Connect | ConnAck | Disconnect));
        Say(MqttPropertyId.AssignedClientIdentifier, new(Text, ConnAck));
        Say(MqttPropertyId.ServerKeepAlive, new(MqttPropertyKind.UInt16, ConnAck));
        Say(MqttPropertyId.AuthenticationMethod, new(Text, Connect | ConnAck | Auth));
        Say(MqttPropertyId.AuthenticationData, new(Binary, Connect | ConnAck | Auth));
        Say(MqttPropertyId.RequestProblemInformation, flag with { Places = Connect });
        Say(MqttPropertyId.WillDelayInterval, new(MqttPropertyKind.UInt32, Will));
        Say(MqttPropertyId.RequestResponseInformation, flag with { Places = Connect });
        Say(MqttPropertyId.ResponseInformation, new(Text, ConnAck));
        Say(MqttPropertyId.ServerReference, new(Text, ConnAck | Disconnect));
        Say(MqttPropertyId.ReasonString, new(Text, Answers));
        Say(MqttPropertyId.ReceiveMaximum, new(MqttPropertyKind.UInt16, Connect | ConnAck, Min: 1));
        Say(MqttPropertyId.TopicAliasMaximum, new(MqttPropertyKind.UInt16, Connect | ConnAck));
        Say(MqttPropertyId.TopicAlias, new(MqttPropertyKind.UInt16, Publish, Min: 1));
        Say(MqttPropertyId.MaximumQos, flag with { Places = ConnAck });
        Say(MqttPropertyId.RetainAvailable, flag with { Places = ConnAck });
        Say(MqttPropertyId.UserProperty, new(Pair, Everywhere));
        Say(MqttPropertyId.MaximumPacketSize, new(MqttPropertyKind.UInt32, Connect | ConnAck, Min: 1));
        Say(MqttPropertyId.WildcardSubscriptionAvailable, flag with { Places = ConnAck });
        Say(MqttPropertyId.SubscriptionIdentifierAvailable, flag with { Places = ConnAck });
        Say(MqttPropertyId.SharedSubscriptionAvailable, flag with { Places = ConnAck });
        return rules;
    }
}
