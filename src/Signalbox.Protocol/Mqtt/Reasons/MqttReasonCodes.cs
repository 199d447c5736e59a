using static Signalbox.Protocol.Mqtt.Reasons.MqttReasonCode;

namespace Signalbox.Protocol.Mqtt.Reasons;

/// <summary>Which packet may give which reason, and what older versions say instead.</summary>
public static class MqttReasonCodes
{
    /// <summary>From here on a reason is a failure.</summary>
    public const MqttReasonCode FirstFailure = UnspecifiedError;

    // What 3.1 and 3.1.1 call a failed subscription.
    private const MqttReasonCode OldFailure = UnspecifiedError;

    public static bool IsFailure(this MqttReasonCode reason) => reason >= FirstFailure;

    /// <summary>Does MQTT 5.0 allow it there? (Section 2.4, and the tables of each packet.)</summary>
    /// <param name="sender">Matters to DISCONNECT and AUTH only.</param>
    public static bool IsAllowedIn(this MqttReasonCode reason, MqttPacketType type, MqttSender sender) => type switch
    {
        MqttPacketType.ConnAck => reason is Success
            or (>= UnspecifiedError and <= Banned) or BadAuthenticationMethod or TopicNameInvalid or PacketTooLarge
            or QuotaExceeded or (>= PayloadFormatInvalid and <= ServerMoved) or ConnectionRateExceeded,
        MqttPacketType.PubAck or MqttPacketType.PubRec => reason is Success or NoMatchingSubscribers
            or UnspecifiedError or ImplementationSpecificError or NotAuthorized or TopicNameInvalid
            or PacketIdentifierInUse or QuotaExceeded or PayloadFormatInvalid,
        MqttPacketType.PubRel or MqttPacketType.PubComp => reason is Success or PacketIdentifierNotFound,
        MqttPacketType.SubAck => reason is Success or GrantedQos1 or GrantedQos2 or UnspecifiedError
            or ImplementationSpecificError or NotAuthorized or TopicFilterInvalid or PacketIdentifierInUse
            or QuotaExceeded or SharedSubscriptionsNotSupported or SubscriptionIdentifiersNotSupported
            or WildcardSubscriptionsNotSupported,
        MqttPacketType.UnsubAck => reason is Success or NoSubscriptionExisted or UnspecifiedError
            or ImplementationSpecificError or NotAuthorized or TopicFilterInvalid or PacketIdentifierInUse,
        MqttPacketType.Disconnect when sender == MqttSender.Client => reason is Success or DisconnectWithWill
            or (>= UnspecifiedError and <= ImplementationSpecificError) or BadAuthenticationMethod
            or TopicNameInvalid or (>= ReceiveMaximumExceeded and <= PayloadFormatInvalid),
        MqttPacketType.Disconnect => reason is Success
            or (>= UnspecifiedError and <= ImplementationSpecificError) or NotAuthorized or ServerBusy
            or (>= ServerShuttingDown and <= TopicNameInvalid)
            or (>= ReceiveMaximumExceeded and <= WildcardSubscriptionsNotSupported),
        MqttPacketType.Auth when sender == MqttSender.Client => reason is ContinueAuthentication or ReAuthenticate,
        MqttPacketType.Auth => reason is Success or ContinueAuthentication,
        _ => false,
    };

    /// <summary>The return code of CONNACK in 3.1 and 3.1.1.</summary>
    /// <returns>Null where these versions have none: their server closes the connection without a word.</returns>
    public static byte? ReturnCodeOf(MqttReasonCode reason) => reason switch
    {
        Success => 0,
        UnsupportedProtocolVersion => 1,
        ClientIdentifierNotValid => 2,
        ServerUnavailable or ServerBusy or QuotaExceeded or ConnectionRateExceeded or UseAnotherServer
            or ServerMoved => 3,
        BadUserNameOrPassword or BadAuthenticationMethod => 4,
        NotAuthorized or Banned => 5,
        _ => null,
    };

    /// <returns>Null where the return code is reserved.</returns>
    public static MqttReasonCode? OfReturnCode(byte returnCode) => returnCode switch
    {
        0 => Success,
        1 => UnsupportedProtocolVersion,
        2 => ClientIdentifierNotValid,
        3 => ServerUnavailable,
        4 => BadUserNameOrPassword,
        5 => NotAuthorized,
        _ => null,
    };

    /// <summary>What SUBACK says in 3.1 and 3.1.1.</summary>
    /// <remarks>3.1 knows no refusal, and yet its clients are better told than left to wait.</remarks>
    public static MqttReasonCode InOldSubAck(MqttReasonCode reason) => reason.IsFailure() ? OldFailure : reason;

    internal static bool IsAllowedInOldSubAck(MqttReasonCode reason) =>
        reason is Success or GrantedQos1 or GrantedQos2 or OldFailure;
}
