namespace Signalbox.Protocol.Mqtt.Properties;

/// <summary>Where a property may be: the bit of the packet's type; the will has properties of its own.</summary>
[Flags]
internal enum MqttPropertyPlaces : ushort
{
    None = 0,
    Will = 1 << MqttPacketType.None,
    Connect = 1 << MqttPacketType.Connect,
    ConnAck = 1 << MqttPacketType.ConnAck,
    Publish = 1 << MqttPacketType.Publish,
    PubAck = 1 << MqttPacketType.PubAck,
    PubRec = 1 << MqttPacketType.PubRec,
    PubRel = 1 << MqttPacketType.PubRel,
    PubComp = 1 << MqttPacketType.PubComp,
    Subscribe = 1 << MqttPacketType.Subscribe,
    SubAck = 1 << MqttPacketType.SubAck,
    Unsubscribe = 1 << MqttPacketType.Unsubscribe,
    UnsubAck = 1 << MqttPacketType.UnsubAck,
    Disconnect = 1 << MqttPacketType.Disconnect,
    Auth = 1 << MqttPacketType.Auth,
    Messages = Publish | Will,
    Answers = ConnAck | PubAck | PubRec | PubRel | PubComp | SubAck | UnsubAck | Disconnect | Auth,
    Everywhere = Answers | Messages | Connect | Subscribe | Unsubscribe,
}
