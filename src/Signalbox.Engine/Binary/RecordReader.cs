using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Signalbox.Engine.Binary;

/// <summary>Reads the fields that <see cref="RecordWriter"/> wrote.</summary>
/// <remarks>
/// Once something is wrong it stays broken, and every field is the default: whoever reads looks at the end, once.
/// Nothing is allocated for a length before that many bytes are there.
/// </remarks>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _end = bytes.Length;

    public bool IsBroken { get; private set; }

    /// <summary>Whether it broke because the bytes came to an end.</summary>
    public bool EndedEarly { get; private set; }

    public readonly int Left => _end - _at;

    /// <summary>A value with parts of its own begins.</summary>
    /// <returns>What <see cref="End"/> wants.</returns>
    public int Begin()
    {
        var outer = _end;
        var length = Count();
        if (length <= Left) _end = _at + length;
        else Break(endedEarly: true);
        return outer;
    }

    /// <summary>It ends; what a later version has written behind the fields that are known here is skipped.</summary>
    public void End(int outer)
    {
        _at = _end;
        _end = outer;
    }

    public byte Byte()
    {
        if (_at < _end) return _bytes[_at++];

        Break(endedEarly: true);
        return 0;
    }

    /// <summary>One of the values 0 to <paramref name="last"/>.</summary>
    public byte Choice(byte last)
    {
        var value = Byte();
        if (value <= last) return value;

        Break(endedEarly: false);
        return 0;
    }

    public bool Flag() => Choice(1) == 1;

    public long Number()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Int()
    {
        var value = Number();
        if (value is >= int.MinValue and <= int.MaxValue) return (int)value;

        Break(endedEarly: false);
        return 0;
    }

    /// <summary>A count or length.</summary>
    public int Count()
    {
        var value = Varint();
        if (value <= int.MaxValue) return (int)value;

        Break(endedEarly: false);
        return 0;
    }

    public DateTimeOffset Time()
    {
        if (Left < sizeof(long))
        {
            Break(endedEarly: true);
            return default;
        }

        var ticks = BinaryPrimitives.ReadInt64LittleEndian(_bytes[_at..]);
        _at += sizeof(long);
        if (ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks) return new DateTimeOffset(ticks, TimeSpan.Zero);

        Break(endedEarly: false);
        return default;
    }

    public TimeSpan Span() => new(Number());

    public string Text()
    {
        var bytes = Blob();
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);

        Break(endedEarly: false);
        return "";
    }

    public ReadOnlySpan<byte> Blob() => Take(Count());

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > Left)
        {
            Break(endedEarly: true);
            return default;
        }

        var taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }

    /// <summary>Whether an optional field follows. What is behind the end is not there.</summary>
    public bool IsPresent() => _at < _end && Flag();

    public string? OptionalText() => IsPresent() ? Text() : null;

    public DateTimeOffset? OptionalTime() => IsPresent() ? Time() : null;

    public TimeSpan? OptionalSpan() => IsPresent() ? Span() : null;

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }

        Break(endedEarly: false);
        return 0;
    }

    private void Break(bool endedEarly)
    {
        if (!IsBroken) EndedEarly = endedEarly;
        IsBroken = true;
        // Loops over a count end with the bytes.
        _at = _end;
    }
}
