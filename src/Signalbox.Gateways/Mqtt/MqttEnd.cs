using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Gateways.Mqtt;

/// <summary>Why a connection is ended that only MQTT ends so.</summary>
internal sealed record MqttEnd(string Name, MqttReasonCode ReasonCode, string Sentence)
    : SessionEnd(Name, ErrorCode.Malformed, Sentence)
{
    public static readonly MqttEnd TakenOver = new(
        "taken_over", MqttReasonCode.SessionTakenOver, "Somebody has connected with your client identifier.");

    public static readonly MqttEnd TooManyUnanswered = new(
        "receive_maximum", MqttReasonCode.ReceiveMaximumExceeded, "You sent more than the receive maximum before the first was answered.");

    public static readonly MqttEnd QosNotSupported = new(
        "qos", MqttReasonCode.QosNotSupported, "The server does not take this QoS: see the maximum QoS of CONNACK.");

    public static readonly MqttEnd RetainNotSupported = new(
        "retain", MqttReasonCode.RetainNotSupported, "The server takes no retained messages: see CONNACK.");

    public static readonly MqttEnd BadAlias = new(
        "topic_alias", MqttReasonCode.TopicAliasInvalid, "The topic alias is 0, or above the maximum of CONNACK.");

    public static readonly MqttEnd UnknownAlias = new(
        "topic_alias", MqttReasonCode.ProtocolError, "The topic alias stands alone, and no topic was given with it before.");

    public static readonly MqttEnd NotNow = new(
        "protocol_error", MqttReasonCode.ProtocolError, "This packet may not be sent here: CONNECT comes first, and once.");

    public static readonly MqttEnd SessionNotAsked = new(
        "protocol_error", MqttReasonCode.ProtocolError, "CONNECT asked for no session, so DISCONNECT cannot keep it.");

    public static readonly MqttEnd BadTopic = new(
        "topic", MqttReasonCode.TopicNameInvalid, "A topic has 1 to 255 bytes without control characters, and does not begin with '$'.");

    public static readonly MqttEnd AnswerTooLarge = new(
        "packet_too_large", MqttReasonCode.PacketTooLarge, "The answer is larger than you take: name fewer filters at a time.");

    public static readonly MqttEnd StorageFailed = new(
        "storage", MqttReasonCode.ImplementationSpecificError, "The storage cannot take the message: send it again later.");

    public static MqttEnd Of(MqttError error) => new("malformed", error.Reason, error.Sentence);
}
