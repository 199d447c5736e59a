using System.Diagnostics;
using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>The segment that is being written, and the next one, whose space is reserved before it is needed.</summary>
/// <remarks>
/// A segment is begun when a frame does not fit into the one before. Nothing that was written is written over: what a
/// crash left behind stays as it is until a checkpoint makes its file needless. A file is cut to what is in it only when
/// there is proof that nothing is missing: the next segment is durable, or a closing frame is. Used by the log's writer alone.
/// </remarks>
internal sealed class SegmentWriter(IDisk disk, long segmentBytes, long lastNumber) : IDisposable
{
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private IDiskFile? _current;
    private IDiskFile? _spare;
    private long _at;

    // The one before, full, until something of the current one is durable; and how much of it is used.
    private IDiskFile? _full;
    private long _fullAt;

    // Of the current one: to ask the file is a call to the kernel for each frame.
    private long _length;
    private long _number = lastNumber;

    // Up to here something is written, be it zeros.
    private long _filled;

    // Whether anything was written to it since it was flushed.
    private bool _isDirty;
    private bool _isComplete;

    /// <summary>The number of the segment that is being written; null before the first write.</summary>
    public long? Current => _current is null ? null : _number;

    /// <summary>How much can be written without another segment.</summary>
    public long Room => (_current is null ? 0 : _length - _at) + (_spare?.Length ?? 0);

    /// <summary>Whether the next segment is reserved.</summary>
    public bool HasReserve => _spare is not null;

    /// <summary>Reserves the next segment where that is not done.</summary>
    public void Reserve()
    {
        if (_spare is not null) return;

        var spare = disk.Create(SegmentHeader.NameOf(_number + 1), segmentBytes);
        try
        {
            disk.SyncDirectory();
            _spare = spare;
        }
        finally
        {
            if (_spare is null) spare.Dispose();
        }
    }

    /// <summary>Writes a frame. It is durable after <see cref="Sync"/>.</summary>
    /// <exception cref="DiskFullException">It is not written; the same may be tried again.</exception>
    public void Write(ReadOnlySpan<byte> frame, long first)
    {
        if (_current is null || _length - _at < frame.Length) Begin(frame.Length, first);

        _isDirty = true;
        _current!.Write(frame, _at); // Begun, where it was not.
        _at += frame.Length;
    }

    /// <summary>
    /// Writes zeros behind the last frame, where nothing is written yet: to flush what went into space that was only
    /// reserved takes half as long again, since it has to be noted that something is there now.
    /// </summary>
    public void Fill(int bytes)
    {
        if (_current is null || _filled >= _at) return;

        try
        {
            var end = Math.Min(_at + bytes, _length);
            for (_filled = _at; _filled < end;)
            {
                var zeros = Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, end - _filled));
                _current.Write(zeros, _filled);
                _filled += zeros.Length;
            }
        }
        catch (DiskFullException)
        {
            // The frame is written, which is all that anybody waits for.
        }
    }

    /// <summary>Flushes what was written.</summary>
    /// <exception cref="IOException">Nobody knows what is on the disk, and to try again would not tell.</exception>
    public void Sync()
    {
        if (!_isDirty) return;

        try
        {
            _current!.Sync(); // Written to.
            _isDirty = false;
            CutFull();
        }
        catch (DiskFullException e)
        {
            // What finds no space here is gone: it is not as if it had not been written yet.
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Deletes the segments before this one.</summary>
    /// <remarks>Nobody needs them, and nobody reads them: what cannot be deleted now is so after the next checkpoint.</remarks>
    public void DeleteBefore(long number)
    {
        try
        {
            var isAnyGone = false;
            foreach (var old in LogReader.Segments(disk).TakeWhile(old => old < number))
            {
                disk.Delete(SegmentHeader.NameOf(old));
                isAnyGone = true;
            }

            if (isAnyGone) disk.SyncDirectory();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A log that writes and flushes is whole, whatever becomes of what it has left behind.
        }
    }

    /// <summary>The closing frame is durable: what was reserved and not needed may go back to the disk.</summary>
    public void Close() => _isComplete = true;

    /// <remarks>What is not closed keeps its length: nothing else tells a later reader that its end was not cut off.</remarks>
    public void Dispose()
    {
        _full?.Dispose();
        _full = null;
        if (_isComplete) _current?.Truncate(_at);
        _current?.Dispose();
        _current = null;
        if (_spare is null) return;

        // Nothing was written to it.
        _spare.Dispose();
        _spare = null;
        disk.Delete(SegmentHeader.NameOf(_number + 1));
    }

    private void Begin(int frameBytes, long first)
    {
        var needed = SegmentHeader.Size + frameBytes;
        if (_spare is not null && _spare.Length < needed)
        {
            _spare.Dispose();
            _spare = null;
            disk.Delete(SegmentHeader.NameOf(_number + 1));
        }

        if (_spare is null)
        {
            // One frame that is longer than a segment has a segment of its own.
            var larger = disk.Create(SegmentHeader.NameOf(_number + 1), Math.Max(segmentBytes, needed));
            _spare = larger;
            disk.SyncDirectory();
        }

        // Before anything changes here: where the disk is full, all this is tried again. What the segment before ends with
        // is durable before there is another one behind it.
        Sync();
        Span<byte> header = stackalloc byte[SegmentHeader.Size];
        new SegmentHeader(SegmentHeader.CurrentVersion, _number + 1, first, _spare.Length).Write(header);
        _spare.Write(header, 0);

        (_full, _fullAt) = (_current, _at);
        _current = _spare;
        _spare = null;
        _number++;
        _at = SegmentHeader.Size;
        _filled = 0;
        _length = _current.Length;
        Debug.Assert(_length - _at >= frameBytes, "A segment is as long as its first frame needs.");
    }

    private void CutFull()
    {
        if (_full is null) return;

        try
        {
            // What was reserved and not needed goes back to the disk.
            _full.Truncate(_fullAt);
        }
        catch (IOException)
        {
            // It is as good as it was, only longer.
        }

        _full.Dispose();
        _full = null;
    }
}
