namespace Signalbox.Protocol.Mqtt.Properties;

/// <summary>One property: a slice of the packet.</summary>
/// <param name="Number">The value, where it is a number.</param>
/// <param name="Name">The first half of a user property.</param>
/// <param name="Value">The value, where it is text or bytes; the second half of a user property.</param>
/// <param name="Encoded">All of it, identifier and value, as it was written.</param>
public readonly record struct MqttProperty(
    MqttPropertyId Id,
    uint Number,
    ReadOnlyMemory<byte> Name,
    ReadOnlyMemory<byte> Value,
    ReadOnlyMemory<byte> Encoded)
{
    internal static MqttProperty Read(ref MqttBodyReader reader)
    {
        var start = reader.Position;
        var id = reader.VarInt();
        uint number = 0;
        ReadOnlyMemory<byte> name = default, value = default;
        switch (MqttPropertyRule.Of(id).Kind)
        {
            case MqttPropertyKind.Byte:
                number = reader.Byte();
                break;

            case MqttPropertyKind.UInt16:
                number = reader.UInt16();
                break;

            case MqttPropertyKind.UInt32:
                number = reader.UInt32();
                break;

            case MqttPropertyKind.VarInt:
                number = reader.VarInt();
                break;

            case MqttPropertyKind.Text or MqttPropertyKind.Binary:
                value = reader.Binary();
                break;

            case MqttPropertyKind.Pair:
                name = reader.Binary();
                value = reader.Binary();
                break;

            default:
                return default;
        }

        return new MqttProperty((MqttPropertyId)id, number, name, value, reader.Since(start));
    }
}
