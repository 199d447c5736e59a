namespace Signalbox.Protocol.Mqtt;

/// <summary>What a control packet is: the upper half of its first byte.</summary>
public enum MqttPacketType : byte
{
    None = 0,
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,

    /// <summary>Only since 5.0.</summary>
    Auth = 15,
}
