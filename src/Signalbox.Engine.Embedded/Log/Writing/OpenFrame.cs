using System.Buffers;
using Signalbox.Engine.Embedded.Log.Format;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>The entries that gather for the next frame, encoded, with room for its header in front of them.</summary>
internal sealed class OpenFrame : IBufferWriter<byte>
{
    // One that grew further than this is not kept.
    private const int KeptBytes = 4 * 1024 * 1024;

    private byte[] _buffer = new byte[64 * 1024];
    private int _length = FrameHeader.Size;

    public int Count { get; private set; }

    public int BodyBytes => _length - FrameHeader.Size;

    public bool IsEmpty => Count == 0;

    public void Add(in LogEntry entry)
    {
        EntryCodec.Write(this, entry);
        Count++;
    }

    /// <summary>The whole frame, its header written and its end filled up.</summary>
    public ReadOnlySpan<byte> Seal(long first, long durable, DateTimeOffset time, bool isClosing)
    {
        var header = new FrameHeader(BodyBytes, first, durable, time, Count, isClosing);
        var size = checked((int)header.FrameBytes);
        if (_buffer.Length < size) Array.Resize(ref _buffer, size);
        _buffer.AsSpan(_length, size - _length).Clear();
        header.Write(_buffer.AsSpan(0, _length));
        return _buffer.AsSpan(0, size);
    }

    public void Clear()
    {
        if (_buffer.Length > KeptBytes) _buffer = new byte[64 * 1024];
        _length = FrameHeader.Size;
        Count = 0;
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_length);
    }

    private void Reserve(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed > _buffer.Length) Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, needed));
    }
}
