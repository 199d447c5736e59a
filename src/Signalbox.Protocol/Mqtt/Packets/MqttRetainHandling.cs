namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>When a subscription gets the retained messages.</summary>
public enum MqttRetainHandling : byte
{
    Send = 0,
    SendIfNew = 1,
    DoNotSend = 2,
}
