using static Signalbox.Protocol.Mqtt.Reasons.MqttReasonCode;

namespace Signalbox.Protocol.Mqtt.Reasons;

/// <summary>Every rule of the form of packets. What depends on the state of a session is not here.</summary>
public static class MqttErrors
{
    public static readonly MqttError PacketTypeReserved =
        new(MalformedPacket, "There is no packet of type 0.");

    public static readonly MqttError PacketTypeUnknown =
        new(ProtocolError, "AUTH is a packet of MQTT 5.0 only.");

    public static readonly MqttError HeaderFlagsReserved =
        new(MalformedPacket, "The reserved flags of the fixed header have another value than the standard's.");

    public static readonly MqttError VariableByteInteger =
        new(MalformedPacket, "A variable byte integer has more than four bytes, or more than its value needs.");

    public static readonly MqttError TooLarge =
        new(PacketTooLarge, "The packet is larger than the server takes: send less, or raise the server's limit.");

    public static readonly MqttError Truncated =
        new(MalformedPacket, "A field goes beyond the end of the packet, or is missing.");

    public static readonly MqttError TrailingBytes =
        new(MalformedPacket, "There are bytes behind the last field of the packet.");

    public static readonly MqttError NotUtf8 =
        new(MalformedPacket, "A string is not well-formed UTF-8, or contains U+0000.");

    public static readonly MqttError PacketIdZero =
        new(ProtocolError, "The packet identifier is 0.");

    public static readonly MqttError ReasonNotAllowed =
        new(ProtocolError, "The packet does not allow this reason code.");

    public static readonly MqttError PropertyUnknown =
        new(MalformedPacket, "There is no such property, or this packet does not allow it.");

    public static readonly MqttError PropertyTwice =
        new(ProtocolError, "A property is there twice that may be there once.");

    public static readonly MqttError PropertyValue =
        new(ProtocolError, "The value of a property is out of its range.");

    public static readonly MqttError PropertyNotSenders =
        new(ProtocolError, "Only the other side may send this property.");

    public static readonly MqttError TopicAliasZero =
        new(TopicAliasInvalid, "The topic alias is 0.");

    public static readonly MqttError AuthenticationDataAlone =
        new(ProtocolError, "There is authentication data without an authentication method.");

    public static readonly MqttError AuthenticationMethodMissing =
        new(ProtocolError, "AUTH has no authentication method.");

    public static readonly MqttError ProtocolNameUnknown =
        new(UnsupportedProtocolVersion, "The protocol name is neither MQTT nor MQIsdp.");

    public static readonly MqttError ProtocolLevelUnknown =
        new(UnsupportedProtocolVersion, "The protocol version is none of 3.1, 3.1.1 and 5.0.");

    public static readonly MqttError ConnectFlagReserved =
        new(MalformedPacket, "The reserved flag of CONNECT is set.");

    public static readonly MqttError WillFlags =
        new(MalformedPacket, "The will QoS is 3, or there is a will QoS or a will retain flag without a will.");

    public static readonly MqttError PasswordAlone =
        new(MalformedPacket, "There is a password without a user name: only MQTT 5.0 allows that.");

    public static readonly MqttError ClientIdLength =
        new(ClientIdentifierNotValid, "The client identifier of MQTT 3.1 has 1 to 23 characters.");

    public static readonly MqttError ClientIdEmpty =
        new(ClientIdentifierNotValid, "Without a client identifier the session must be clean.");

    public static readonly MqttError ConnAckFlags =
        new(MalformedPacket, "A reserved flag of CONNACK is set.");

    public static readonly MqttError SessionPresentInRefusal =
        new(ProtocolError, "A CONNACK that refuses says that there is a session.");

    public static readonly MqttError QosReserved =
        new(MalformedPacket, "The QoS of a PUBLISH is 3.");

    public static readonly MqttError DuplicateAtMostOnce =
        new(MalformedPacket, "A PUBLISH of QoS 0 says that it is a duplicate.");

    public static readonly MqttError TopicNameWildcard =
        new(TopicNameInvalid, "A topic name contains a wildcard.");

    public static readonly MqttError TopicNameEmpty =
        new(ProtocolError, "The topic name is empty, and no topic alias stands for it.");

    public static readonly MqttError ResponseTopic =
        new(ProtocolError, "The response topic is empty or contains a wildcard.");

    public static readonly MqttError PayloadFormat =
        new(PayloadFormatInvalid, "The payload is said to be UTF-8, and is not.");

    public static readonly MqttError NoFilters =
        new(ProtocolError, "The packet has no topic filter.");

    public static readonly MqttError FilterEmpty =
        new(TopicFilterInvalid, "A topic filter is empty.");

    public static readonly MqttError FilterWildcard =
        new(TopicFilterInvalid, "A wildcard is not a whole level of the topic filter, or # is not the last.");

    public static readonly MqttError FilterShare =
        new(TopicFilterInvalid, "A shared subscription is $share/group/filter, and the group has no wildcard.");

    public static readonly MqttError SharedNoLocal =
        new(ProtocolError, "A shared subscription cannot be no-local.");

    public static readonly MqttError SubscriptionOptionsReserved =
        new(MalformedPacket, "Reserved bits of the subscription options are set.");

    public static readonly MqttError SubscriptionQos =
        new(ProtocolError, "The QoS of a subscription is 3.");

    public static readonly MqttError RetainHandling =
        new(ProtocolError, "The retain handling of a subscription is 3.");
}
