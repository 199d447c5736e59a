using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Format;

namespace Signalbox.Engine.Embedded.Log.Reading;

/// <summary>The frames of one segment file, one after the other.</summary>
internal sealed class SegmentReader : IDisposable
{
    private const int Alignment = 8;
    private const int ScanBytes = 256 * 1024;

    private readonly FileWindow _window;

    public SegmentReader(IDisk disk, string name)
        : this(disk.Open(name), name)
    {
    }

    public SegmentReader(IDiskFile file, string name)
    {
        Name = name;
        _window = new FileWindow(file);
        Header = SegmentHeader.Read(_window.Bytes(0, SegmentHeader.Size));
        Offset = Header?.Bytes ?? SegmentHeader.Size;
    }

    public string Name { get; }

    /// <summary>Null where the file does not begin as a segment does.</summary>
    public SegmentHeader? Header { get; }

    public long Length => _window.Length;

    /// <summary>Whether it is shorter than it was made: complete, or cut off since.</summary>
    public bool IsShort => Length < (Header?.Reserved ?? SegmentHeader.Size);

    /// <summary>Whether a frame was read.</summary>
    public bool HasRead => Header is { } header && Offset > header.Bytes;

    /// <summary>Where the next frame begins, or would.</summary>
    public long Offset { get; private set; }

    /// <summary>Reads the frame at <see cref="Offset"/> and goes on behind it.</summary>
    /// <param name="body">Its entries; good until the next call.</param>
    /// <returns>False where there is no whole frame.</returns>
    public bool TryRead(out FrameHeader frame, out ReadOnlySpan<byte> body)
    {
        if (!TryReadAt(Offset, out frame, out body)) return false;

        Offset += frame.FrameBytes;
        return true;
    }

    /// <summary>
    /// Looks behind a damaged place for a frame that was written when this position was durable: the place had been, too.
    /// </summary>
    /// <param name="offset">Where it is.</param>
    /// <returns>Null where there is none.</returns>
    public FrameHeader? FindProof(long position, out long offset)
    {
        for (offset = Offset; (offset = NextWritten(offset)) >= 0;)
        {
            if (!TryReadAt(offset, out var frame, out _)) offset += Alignment;
            else if (frame.Durable >= position) return frame;
            else offset += frame.FrameBytes;
        }

        return null;
    }

    /// <summary>Goes on there, behind what is damaged.</summary>
    public void SkipTo(long offset) => Offset = offset;

    /// <summary>Sees what has been written since it was looked at.</summary>
    public void LookAgain() => _window.Forget();

    /// <summary>Whether nothing but zeros follows: reserved, and not written yet.</summary>
    public bool IsUnwrittenFrom(long offset) => NextWritten(offset) < 0;

    public void Dispose() => _window.Dispose();

    private bool TryReadAt(long offset, out FrameHeader frame, out ReadOnlySpan<byte> body)
    {
        frame = default;
        body = default;
        var head = _window.Bytes(offset, FrameHeader.Size);
        if (head.Length < FrameHeader.Size || FrameHeader.Read(head) is not { } header) return false;
        // Held against what is there before anything is read: a damaged length must not make us reserve memory for it.
        if (header.BodyBytes > Length - offset - FrameHeader.Size) return false;

        var bytes = _window.Bytes(offset, FrameHeader.Size + header.BodyBytes);
        if (bytes.Length < FrameHeader.Size + header.BodyBytes || !FrameHeader.IsWhole(bytes)) return false;

        frame = header;
        body = bytes[FrameHeader.Size..];
        return true;
    }

    // The word in which the next byte stands that is not zero; -1 where none is.
    private long NextWritten(long offset)
    {
        while (offset < Length)
        {
            var bytes = _window.Bytes(offset, ScanBytes);
            if (bytes.IsEmpty) return -1;

            var index = bytes.IndexOfAnyExcept((byte)0);
            if (index >= 0) return offset + index / Alignment * Alignment;

            offset += bytes.Length;
        }

        return -1;
    }
}
