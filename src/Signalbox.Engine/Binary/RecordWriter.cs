using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Signalbox.Engine.Binary;

/// <summary>Writes the fields of a record one behind the other into a buffer of its own, with room for its header in front of them.</summary>
internal sealed class RecordWriter
{
    // Version, tag, and a length of at most five bytes.
    private const int MostHeaderBytes = 2 + 5;

    private const int MostVarintBytes = 10;

    private byte[] _buffer = new byte[256];
    private int _length = MostHeaderBytes;

    // Absent fields that are only written if something follows them.
    private int _absent;

    public int Capacity => _buffer.Length;

    public void Clear()
    {
        _length = MostHeaderBytes;
        _absent = 0;
    }

    /// <summary>The whole record: its header, and the fields behind it.</summary>
    public ReadOnlySpan<byte> Seal(byte version, BinaryTag tag)
    {
        var length = (uint)(_length - MostHeaderBytes);
        var start = MostHeaderBytes - 2 - VarintSize(length);
        var record = _buffer.AsSpan(start, _length - start);
        record[0] = version;
        record[1] = (byte)tag;
        PutVarint(record[2..], length);
        return record;
    }

    /// <summary>A value with parts of its own begins.</summary>
    /// <returns>What <see cref="End"/> wants.</returns>
    public int Begin()
    {
        // Most parts are shorter than 128 bytes, so one byte is left for the length.
        Reserve(1);
        _length++;
        return _length;
    }

    public void End(int start)
    {
        _absent = 0;
        var length = _length - start;
        var more = VarintSize((uint)length) - 1;
        if (more > 0)
        {
            Grow(more);
            _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(start + more));
            _length += more;
        }

        PutVarint(_buffer.AsSpan(start - 1), (uint)length);
    }

    public void Byte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Number(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>How many elements follow.</summary>
    public void Count(int value) => Varint((uint)value);

    public void Time(DateTimeOffset time)
    {
        Reserve(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_length), time.UtcTicks);
        _length += sizeof(long);
    }

    public void Span(TimeSpan span) => Number(span.Ticks);

    public void Text(string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        Varint((uint)size);
        Grow(size);
        Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
        _length += size;
    }

    public void Blob(ReadOnlySpan<byte> bytes)
    {
        Varint((uint)bytes.Length);
        Grow(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>An optional field that is not there.</summary>
    public void Absent() => _absent++;

    /// <summary>An optional field that is there: it follows.</summary>
    public void Present() => Byte(1);

    public void OptionalText(string? text)
    {
        if (text is null)
        {
            Absent();
            return;
        }

        Present();
        Text(text);
    }

    public void OptionalTime(DateTimeOffset? time)
    {
        if (time is null)
        {
            Absent();
            return;
        }

        Present();
        Time(time.Value);
    }

    public void OptionalSpan(TimeSpan? span)
    {
        if (span is null)
        {
            Absent();
            return;
        }

        Present();
        Span(span.Value);
    }

    private void Varint(ulong value)
    {
        Reserve(MostVarintBytes);
        _length += PutVarint(_buffer.AsSpan(_length, MostVarintBytes), value);
    }

    private static int PutVarint(Span<byte> to, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7) to[at++] = (byte)(value | 0x80);
        to[at] = (byte)value;
        return at + 1;
    }

    private static int VarintSize(uint value) => value switch
    {
        < 1u << 7 => 1,
        < 1u << 14 => 2,
        < 1u << 21 => 3,
        < 1u << 28 => 4,
        _ => 5,
    };

    // Before any field: the absent ones in front of it are told now, and there is room for it.
    private void Reserve(int size)
    {
        if (_absent > 0) TellAbsent();
        Grow(size);
    }

    private void TellAbsent()
    {
        Grow(_absent);
        for (; _absent > 0; _absent--) _buffer[_length++] = 0;
    }

    private void Grow(int size)
    {
        Debug.Assert(size >= 0, "A record is shorter than two gigabytes.");
        if (_buffer.Length - _length < size) Enlarge(size);
    }

    private void Enlarge(int size) => Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + size));
}
