using System.Buffers.Binary;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt;

/// <summary>
/// Reads the fields of one packet. The first broken rule stays, and all that is read behind it is empty, so who reads
/// asks once, at the end; only loops ask for <see cref="HasMore"/>.
/// </summary>
internal ref struct MqttBodyReader(ReadOnlyMemory<byte> body)
{
    private readonly ReadOnlySpan<byte> _span = body.Span;

    public MqttError? Error { get; private set; }

    public int Position { get; private set; }

    public readonly bool HasMore => Error is null && Position < _span.Length;

    public void Fail(MqttError? error) => Error ??= error;

    public void FailIf(bool isBroken, MqttError error)
    {
        if (isBroken) Fail(error);
    }

    public byte Byte() => Has(1) ? _span[Position++] : (byte)0;

    public ushort UInt16()
    {
        if (!Has(sizeof(ushort))) return 0;

        var value = BinaryPrimitives.ReadUInt16BigEndian(_span[Position..]);
        Position += sizeof(ushort);
        return value;
    }

    public uint UInt32()
    {
        if (!Has(sizeof(uint))) return 0;

        var value = BinaryPrimitives.ReadUInt32BigEndian(_span[Position..]);
        Position += sizeof(uint);
        return value;
    }

    public uint VarInt()
    {
        if (Error is not null) return 0;

        var read = MqttVarInt.Read(_span[Position..], out var value);
        FailIf(read == 0, MqttErrors.Truncated);
        FailIf(read < 0, MqttErrors.VariableByteInteger);
        if (Error is not null) return 0;

        Position += read;
        return value;
    }

    public ushort PacketId()
    {
        var id = UInt16();
        FailIf(id == 0, MqttErrors.PacketIdZero);
        return id;
    }

    /// <summary>Bytes behind their length.</summary>
    public ReadOnlyMemory<byte> Binary() => Take(UInt16());

    public ReadOnlyMemory<byte> Text()
    {
        var text = Binary();
        FailIf(!MqttTopics.IsText(text.Span), MqttErrors.NotUtf8);
        return text;
    }

    /// <summary>All that is left.</summary>
    public ReadOnlyMemory<byte> Rest() => Take((uint)(_span.Length - Position));

    public readonly ReadOnlyMemory<byte> Since(int start) => body[start..Position];

    /// <summary>The properties behind their length; none in versions that have none.</summary>
    public MqttProperties Properties(MqttVersion version, MqttPropertyPlaces place)
    {
        if (version != MqttVersion.V5) return default;

        var bytes = Take(VarInt());
        if (bytes.IsEmpty) return default;

        Fail(MqttProperties.Read(bytes, place, out var properties));
        return properties;
    }

    /// <returns>The first broken rule; bytes that nobody read are one too.</returns>
    public MqttError? End()
    {
        FailIf(Position < _span.Length, MqttErrors.TrailingBytes);
        return Error;
    }

    private ReadOnlyMemory<byte> Take(uint length)
    {
        if (!Has(length)) return default;

        var bytes = body.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    private bool Has(uint length)
    {
        FailIf(length > (uint)(_span.Length - Position), MqttErrors.Truncated);
        return Error is null;
    }
}
