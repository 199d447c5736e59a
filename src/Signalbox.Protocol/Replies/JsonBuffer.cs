using System.Buffers;

namespace Signalbox.Protocol.Replies;

/// <summary>A byte array that grows as it is written, and is used again and again.</summary>
public sealed class JsonBuffer : IBufferWriter<byte>
{
    private const int FirstBytes = 256;

    // One large reply must not stay with its connection for ever.
    private const int MaxKeptBytes = 64 * 1024;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    /// <summary>What was written. Good until the next write.</summary>
    public Span<byte> WrittenSpan => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > MaxKeptBytes) _bytes = [];
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - Length), nameof(count));
        Length += count;
    }

    /// <summary>Forgets what was written behind this length.</summary>
    public void Cut(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    public void Write(byte one)
    {
        GetSpan(1)[0] = one;
        Length++;
    }

    private void Reserve(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (needed <= _bytes.Length - Length) return;

        // Doubling, so that a long reply costs a few copies; checked, so that an impossible one is an exception.
        var doubled = Math.Min(Math.Max(2L * _bytes.Length, FirstBytes), Array.MaxLength);
        Array.Resize(ref _bytes, (int)Math.Max(doubled, checked(Length + needed)));
    }
}
