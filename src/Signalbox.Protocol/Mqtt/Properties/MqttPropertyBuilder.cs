using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Signalbox.Protocol.Mqtt.Properties;

/// <summary>Writes properties one behind the other, into a buffer that is used again and again.</summary>
/// <remarks>What we write is ours to get right: that a packet allows a property, and once, is not looked at.</remarks>
public sealed class MqttPropertyBuilder
{
    private readonly ArrayBufferWriter<byte> _output = new();

    /// <summary>Forgets what was added, and takes from those who built of it.</summary>
    public void Clear() => _output.ResetWrittenCount();

    public MqttPropertyBuilder Add(MqttPropertyId id, uint number)
    {
        var span = _output.GetSpan(1 + sizeof(uint));
        span[0] = (byte)id;
        _output.Advance(1 + WriteNumber(span[1..], MqttPropertyRule.Of((uint)id).Kind, number));
        return this;
    }

    /// <summary>Adds text or bytes.</summary>
    public MqttPropertyBuilder Add(MqttPropertyId id, ReadOnlySpan<byte> value)
    {
        Debug.Assert(
            MqttPropertyRule.Of((uint)id).Kind is MqttPropertyKind.Text or MqttPropertyKind.Binary, "It is a number.");

        _output.Write([(byte)id]);
        WriteString(value);
        return this;
    }

    public MqttPropertyBuilder AddUser(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _output.Write([(byte)MqttPropertyId.UserProperty]);
        WriteString(name);
        WriteString(value);
        return this;
    }

    public MqttPropertyBuilder Add(in MqttProperty property)
    {
        _output.Write(property.Encoded.Span);
        return this;
    }

    /// <summary>Adds what subscribers must get as it was published: all but what each leg has for itself.</summary>
    public MqttPropertyBuilder AddForwarded(in MqttProperties received)
    {
        foreach (var property in received)
        {
            var isOfOneLeg = property.Id is MqttPropertyId.TopicAlias or MqttPropertyId.MessageExpiryInterval
                or MqttPropertyId.SubscriptionIdentifier or MqttPropertyId.WillDelayInterval;
            if (!isOfOneLeg) Add(property);
        }

        return this;
    }

    /// <summary>What was added: good until more is, or <see cref="Clear"/>.</summary>
    public MqttProperties Build() => MqttProperties.Of(_output.WrittenMemory);

    private static int WriteNumber(Span<byte> output, MqttPropertyKind kind, uint number)
    {
        switch (kind)
        {
            case MqttPropertyKind.Byte:
                output[0] = checked((byte)number);
                return sizeof(byte);

            case MqttPropertyKind.UInt16:
                BinaryPrimitives.WriteUInt16BigEndian(output, checked((ushort)number));
                return sizeof(ushort);

            case MqttPropertyKind.UInt32:
                BinaryPrimitives.WriteUInt32BigEndian(output, number);
                return sizeof(uint);

            case MqttPropertyKind.VarInt:
                return MqttVarInt.Write(output, number);

            default:
                throw new UnreachableException($"A property of kind {kind} is no number.");
        }
    }

    private void WriteString(ReadOnlySpan<byte> value)
    {
        var span = _output.GetSpan(sizeof(ushort) + value.Length);
        BinaryPrimitives.WriteUInt16BigEndian(span, checked((ushort)value.Length));
        value.CopyTo(span[sizeof(ushort)..]);
        _output.Advance(sizeof(ushort) + value.Length);
    }
}
