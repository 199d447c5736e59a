namespace Signalbox.Mqtt.Outside.Tests.Outside;

/// <summary>What a client is written in, and with which library: MQTT.js, or paho.</summary>
public enum Language
{
    Node,
    Python,
}
