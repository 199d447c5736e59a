namespace Signalbox.Protocol.Mqtt;

/// <summary>Who sent a packet that both may send: some of what is in it only one of them may say.</summary>
public enum MqttSender : byte
{
    Client,
    Server,
}
