using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Signalbox.Protocol.Mqtt.Properties;

namespace Signalbox.Protocol.Mqtt;

/// <summary>Writes one packet, whose size is known before, into one piece of the output.</summary>
internal ref struct MqttPacketWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly Span<byte> _span;
    private int _at;

    /// <param name="bodyBytes">All that stands behind the fixed header, whoever writes it.</param>
    /// <param name="ownBytes">What of it is written here.</param>
    public MqttPacketWriter(IBufferWriter<byte> output, MqttPacketType type, byte flags, int bodyBytes, int ownBytes)
    {
        var size = SizeOf(bodyBytes) - bodyBytes + ownBytes;
        _output = output;
        _span = output.GetSpan(size)[..size];
        Byte((byte)((int)type << 4 | flags));
        VarInt((uint)bodyBytes);
    }

    public MqttPacketWriter(IBufferWriter<byte> output, MqttPacketType type, int bodyBytes)
        : this(output, type, MqttFrameCodec.FlagsOf(type), bodyBytes, bodyBytes)
    {
    }

    /// <summary>How long a packet with such a body is.</summary>
    public static int SizeOf(int bodyBytes) => 1 + MqttVarInt.SizeOf((uint)bodyBytes) + bodyBytes;

    public static int SizeOfString(ReadOnlyMemory<byte> value) => sizeof(ushort) + value.Length;

    public static int SizeOfProperties(MqttVersion version, int propertyBytes) =>
        version == MqttVersion.V5 ? MqttVarInt.SizeOf((uint)propertyBytes) + propertyBytes : 0;

    public void Byte(byte value) => _span[_at++] = value;

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_span[_at..], value);
        _at += sizeof(ushort);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_span[_at..], value);
        _at += sizeof(uint);
    }

    public void VarInt(uint value) => _at += MqttVarInt.Write(_span[_at..], value);

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_span[_at..]);
        _at += bytes.Length;
    }

    /// <summary>Text or bytes, with the length before them.</summary>
    public void String(ReadOnlySpan<byte> value)
    {
        UInt16(checked((ushort)value.Length));
        Raw(value);
    }

    public void Properties(MqttVersion version, in MqttProperties properties)
    {
        if (version != MqttVersion.V5) return;

        VarInt((uint)properties.Bytes.Length);
        Raw(properties.Bytes.Span);
    }

    public readonly void End()
    {
        Debug.Assert(_at == _span.Length, "The size was computed before.");
        _output.Advance(_at);
    }
}
