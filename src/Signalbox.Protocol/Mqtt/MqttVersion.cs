namespace Signalbox.Protocol.Mqtt;

/// <summary>The protocol level that a connection agreed upon, as CONNECT says it.</summary>
public enum MqttVersion : byte
{
    /// <summary>Not known: CONNECT has not been read, or did not say it.</summary>
    None = 0,

    /// <summary>MQTT 3.1, which calls itself MQIsdp.</summary>
    V31 = 3,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V5 = 5,
}
