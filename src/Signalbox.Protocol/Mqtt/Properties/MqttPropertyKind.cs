namespace Signalbox.Protocol.Mqtt.Properties;

/// <summary>How the value of a property is written.</summary>
internal enum MqttPropertyKind : byte
{
    None,
    Byte,
    UInt16,
    UInt32,
    VarInt,
    Text,
    Binary,
    Pair,
}
