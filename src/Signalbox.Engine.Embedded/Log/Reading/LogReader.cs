using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Format;

namespace Signalbox.Engine.Embedded.Log.Reading;

/// <summary>Takes an entry that was read.</summary>
/// <param name="isBeingTold">Whether a checkpoint was under way: machines may be met that are told of later.</param>
public delegate void EntryReader(long position, in LogEntry entry, bool isBeingTold);

/// <summary>Reads the log of a directory from its last checkpoint to its end.</summary>
/// <remarks>
/// <para>Something unreadable is one of two things. If a crash cut the last frame short, nobody was ever told of what it
/// held, and it is passed over. If anything behind it shows that it had been durable, it was damaged since, and
/// reading stops: to go on would silently lose what was confirmed.</para>
/// <para>A damaged last frame cannot be told from one that was cut short, as nothing stands behind it. A file that was cut
/// off can: it is shorter than it was made, and neither was another begun behind it nor does it end with a closing frame.
/// </para>
/// </remarks>
internal sealed class LogReader(IDisk disk, EntryReader onEntry, Action<LogProgress>? onProgress)
{
    private readonly Checkpoint _checkpoint = ReadCheckpoint(disk);
    private long _last;
    private long _entries;
    private long _bytes;
    private long _totalBytes;
    private bool _wasClosed;
    private TornTail? _torn;
    private LogDamagedException? _cutOff;

    public Checkpoint Checkpoint => _checkpoint;

    public LogEnd Read()
    {
        var segments = Segments(disk).Where(number => number >= _checkpoint.Segment).ToList();
        if (segments.Count == 0 && _checkpoint != Checkpoint.Beginning)
        {
            throw Missing(_checkpoint.Segment, "it holds what the checkpoint points to.");
        }

        if (segments.Count > 0 && segments[0] != _checkpoint.Segment)
        {
            throw Missing(_checkpoint.Segment, "the log begins there.");
        }

        // Where a log began that never had a checkpoint; a checkpoint's own begin may be in the middle of a segment.
        _last = 0;
        _totalBytes = segments.Sum(number => LengthOf(SegmentHeader.NameOf(number)));
        var lastSegment = 0L;
        foreach (var number in segments)
        {
            using var reader = new SegmentReader(disk, SegmentHeader.NameOf(number));
            // One that a crash kept from being begun may be followed by others: the run after it went on there.
            if (ReadSegment(reader, number)) lastSegment = number;
        }

        if (_cutOff is not null) throw _cutOff;
        if (_last < _checkpoint.To)
        {
            throw new LogDamagedException(
                SegmentHeader.NameOf(Math.Max(lastSegment, _checkpoint.Segment)),
                0,
                $"the log ends at position {_last}, and the checkpoint was complete at {_checkpoint.To}.");
        }

        return new LogEnd(_last, segments.Count > 0 ? segments[^1] : 0, _wasClosed, _torn, _entries, _bytes);
    }

    /// <summary>The numbers of the segment files, in order.</summary>
    public static List<long> Segments(IDisk disk)
    {
        var numbers = new List<long>();
        foreach (var name in disk.Files())
        {
            if (SegmentHeader.TryNumber(name, out var number)) numbers.Add(number);
        }

        numbers.Sort();
        return numbers;
    }

    private static Checkpoint ReadCheckpoint(IDisk disk)
    {
        if (!disk.Files().Contains(Checkpoint.FileName)) return Checkpoint.Beginning;

        using var file = disk.Open(Checkpoint.FileName);
        var bytes = new byte[file.Length];
        var count = file.Read(bytes, 0);
        return Checkpoint.Read(bytes.AsSpan(0, count))
            ?? throw new LogDamagedException(
                Checkpoint.FileName, 0, "it is no checkpoint of this version, so nobody knows where reading begins.");
    }

    /// <returns>False where nothing was ever written here as a whole.</returns>
    private bool ReadSegment(SegmentReader reader, long number)
    {
        if (reader.Header is not { } header)
        {
            // A file has its whole length before it has its name.
            if (reader.IsShort) throw Short(reader);
            // A segment is reserved before it is needed, and its first write may have been cut short.
            if (reader.IsUnwrittenFrom(0)) return false;
            PassOver(reader, 0);
            return false;
        }

        if (!header.IsKnown)
        {
            throw LogVersionException.OfSegment(reader.Name, header.Version);
        }

        if (number == _checkpoint.Segment)
        {
            _last = header.First - 1;
        }
        else if (header.First != _last + 1)
        {
            throw new LogDamagedException(
                reader.Name,
                0,
                $"it begins at position {header.First}, but what is before it ends at {_last}: "
                + $"positions {_last + 1} to {header.First - 1} are lost.");
        }

        // Whatever was cut short at the end of an earlier segment had been seen when this one was begun.
        _torn = null;
        ReadFrames(reader);
        _cutOff = reader.IsShort && !(reader.HasRead && _wasClosed) ? Short(reader) : null;
        return true;
    }

    private void ReadFrames(SegmentReader reader)
    {
        while (true)
        {
            var offset = reader.Offset;
            if (!reader.TryRead(out var frame, out var body))
            {
                if (!reader.IsUnwrittenFrom(offset)) PassOver(reader, offset);
                return;
            }

            if (frame.First != _last + 1)
            {
                throw new LogDamagedException(
                    reader.Name, offset, $"position {frame.First} is there, where {_last + 1} should be.");
            }

            ReadEntries(reader, offset, frame, body);
            onProgress?.Invoke(new LogProgress(_bytes, _totalBytes, _entries));
        }
    }

    private void ReadEntries(SegmentReader reader, long offset, in FrameHeader frame, ReadOnlySpan<byte> body)
    {
        _wasClosed = frame.IsClosing;
        _bytes += frame.FrameBytes;
        for (var i = 0; i < frame.Count; i++)
        {
            if (!EntryCodec.TryRead(ref body, out var entry))
            {
                throw LogVersionException.OfEntry(reader.Name, offset);
            }

            _last++;
            if (!Counts(_last, entry.Mark)) continue;

            _entries++;
            onEntry(_last, entry, isBeingTold: _last <= _checkpoint.To);
        }
    }

    // What is before the checkpoint is told again behind it. A later telling that was never finished is no news either.
    private bool Counts(long position, EntryMark mark) =>
        position >= _checkpoint.From && ((mark & EntryMark.Told) == 0 || position <= _checkpoint.To);

    // Cut short by a crash, unless something behind it proves that it had been whole.
    private void PassOver(SegmentReader reader, long offset)
    {
        if (reader.FindProof(_last + 1, out var proof) is { } later)
        {
            throw new LogDamagedException(
                reader.Name,
                offset,
                $"positions from {_last + 1} on had been on disk and cannot be read; "
                + $"what is at byte {proof}, position {later.First}, was written after them.");
        }

        _torn = new TornTail(reader.Name, offset, reader.Length - offset);
    }

    private LogDamagedException Short(SegmentReader reader) => new(
        reader.Name,
        reader.Length,
        LogDamagedException.CutOff(reader, _last));

    private static LogDamagedException Missing(long number, string why) =>
        new(SegmentHeader.NameOf(number), 0, $"the file is not there, and {why}");

    private long LengthOf(string name)
    {
        using var file = disk.Open(name);
        return file.Length;
    }
}
