namespace Signalbox.Protocol.Mqtt;

/// <summary>How often a message may arrive.</summary>
public enum MqttQos : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}
