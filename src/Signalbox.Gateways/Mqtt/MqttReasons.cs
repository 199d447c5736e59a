using Signalbox.Core.Refusals;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Gateways.Mqtt;

/// <summary>What we say no for, in the words of MQTT 5.0.</summary>
internal static class MqttReasons
{
    /// <summary>Why a message was not taken.</summary>
    public static MqttReasonCode OfPublish(Refusal refusal) => refusal switch
    {
        Refusal.None => MqttReasonCode.Success,
        Refusal.PayloadBlank or Refusal.PayloadNotJson => MqttReasonCode.PayloadFormatInvalid,
        Refusal.StorageUnavailable => MqttReasonCode.ImplementationSpecificError,
        _ => MqttReasonCode.QuotaExceeded,
    };

    public static MqttReasonCode OfPublish(ErrorCode code) => code switch
    {
        ErrorCode.RateLimited or ErrorCode.LimitExceeded => MqttReasonCode.QuotaExceeded,
        ErrorCode.Forbidden or ErrorCode.Unauthorized => MqttReasonCode.NotAuthorized,
        ErrorCode.BadKey => MqttReasonCode.TopicNameInvalid,
        ErrorCode.Unavailable => MqttReasonCode.ImplementationSpecificError,
        _ => MqttReasonCode.UnspecifiedError,
    };

    /// <summary>Why somebody is not let in.</summary>
    public static MqttReasonCode OfConnect(ErrorCode code) => code switch
    {
        ErrorCode.Unauthorized => MqttReasonCode.BadUserNameOrPassword,
        ErrorCode.Forbidden => MqttReasonCode.NotAuthorized,
        ErrorCode.LimitExceeded => MqttReasonCode.QuotaExceeded,
        ErrorCode.Unavailable => MqttReasonCode.ServerUnavailable,
        _ => MqttReasonCode.UnspecifiedError,
    };

    /// <summary>Why a connection is ended that every protocol may have to end.</summary>
    public static MqttReasonCode OfEnd(SessionEnd end)
    {
        if (end == SessionEnd.Stopping) return MqttReasonCode.ServerShuttingDown;
        if (end == SessionEnd.Silent) return MqttReasonCode.KeepAliveTimeout;
        if (end == SessionEnd.Revoked || end == SessionEnd.Disconnected) return MqttReasonCode.AdministrativeAction;
        if (end == SessionEnd.TokenExpired || end == SessionEnd.Unknown) return MqttReasonCode.NotAuthorized;
        if (end == SessionEnd.SlowReader) return MqttReasonCode.QuotaExceeded;
        return end is MqttEnd mqtt ? mqtt.ReasonCode : MqttReasonCode.UnspecifiedError;
    }
}
