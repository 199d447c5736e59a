using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>Takes an entry that was read, whether or not it counts.</summary>
internal delegate void EntryWalker(long position, in LogEntry entry);

/// <summary>Reads all that is readable, and goes on behind what is not.</summary>
/// <remarks>
/// What it calls damaged is what stops the <see cref="LogReader"/>. A server may be writing meanwhile: before a place
/// is called damaged it is looked at once more, since a frame that was not whole and has whole ones behind it now was
/// whole before those were begun.
/// </remarks>
internal sealed class LogWalk(LogFiles files, EntryWalker? onEntry, Action<LogDamage>? onDamage)
{
    private readonly List<SegmentReport> _segments = [];
    private readonly List<LogDamage> _damages = [];

    // Null until it is known where the log begins.
    private long? _last;
    private bool _wasClosed;
    private TornTail? _torn;
    private SegmentReader? _before;

    public LogReport Run()
    {
        FindBeginning();
        for (var i = 0; i < files.Segments.Count; i++) Walk(files.Segments[i], i + 1);

        var end = files.Checkpoint?.To ?? 0;
        if (_damages.Count == 0 && (_last ?? 0) < end) TellShortEnd(end);
        return new LogReport(files.Checkpoint, _segments, files.Needless, _last ?? 0, _wasClosed, _torn, _damages);
    }

    private string? BeginName => files.Checkpoint is { } checkpoint ? SegmentHeader.NameOf(checkpoint.Segment) : null;

    private void FindBeginning()
    {
        if (files.Checkpoint is not { } checkpoint)
        {
            var what = files.CheckpointBytes is null
                ? $"the file is not there, and neither is {SegmentHeader.NameOf(Checkpoint.Beginning.Segment)}"
                : "it is no checkpoint of this version";
            Tell(Checkpoint.FileName, 0, 1, 0, $"{what}, so nobody knows where reading begins.");
            return;
        }

        if (checkpoint == Checkpoint.Beginning) _last = 0;
        if (files.Segments.Count > 0 && files.Segments[0].Number == checkpoint.Segment) return;

        var next = NextFirst(0) ?? checkpoint.To + 1;
        _last = checkpoint.From - 1;
        var name = SegmentHeader.NameOf(checkpoint.Segment);
        PassOver(name, 0, Math.Max(next, checkpoint.From), "the file is not there, and the log begins there.");
    }

    private void Walk(SegmentFile segment, int next)
    {
        // The files close it.
        var reader = new SegmentReader(segment.File, segment.Name);
        if (reader.Header is null && MustBeBegun(reader, next)) reader = new SegmentReader(segment.File, segment.Name);

        var report = new SegmentReport(segment.Name, reader.Header?.Version, 0, 0, reader.Length, reader.Header?.Reserved ?? 0, 0, 0, null, null);
        if (reader.Header is { } header)
        {
            if (IsGap(header.First) && _before is not null) ReadOn(_before, next - 1);
            report = Begin(reader, header, report);
        }
        else if (IsBegun(reader, next))
        {
            report = report with { Used = reader.Offset };
        }

        if (report.Used > 0) report = WalkFrames(_before = reader, report, next);
        _segments.Add(report);
    }

    // This segment has been begun since the end of the one before was read: that one had gone on, or is damaged.
    private void ReadOn(SegmentReader before, int next)
    {
        var index = _segments.FindIndex(segment => segment.File == before.Name);
        _segments[index] = WalkFrames(before, _segments[index], next);
    }

    private SegmentReport Begin(SegmentReader reader, SegmentHeader header, SegmentReport report)
    {
        if (!header.IsKnown)
        {
            throw LogVersionException.OfSegment(reader.Name, header.Version);
        }

        _torn = null;
        if (_last is null || reader.Name == BeginName) _last = header.First - 1;
        if (header.First <= _last)
        {
            Tell(reader.Name, 0, 1, 0, $"it begins at position {header.First}, but what is before it ends at {_last}.");
        }

        return report with { Used = header.Bytes };
    }

    // A segment without a readable begin: never written, cut short by a crash, or damaged since.
    private bool IsBegun(SegmentReader reader, int next)
    {
        if (MustBeBegun(reader, next))
        {
            _torn = null;
            var what = reader.IsShort ? LogDamagedException.CutOff(reader, Next - 1) : "it does not begin as a segment does.";
            Tell(reader.Name, 0, 1, 0, what);
            return true;
        }

        FindTorn(reader, 0);
        return false;
    }

    // Nothing stands behind it.
    private void FindEnd(SegmentReader reader, long offset)
    {
        // Without a readable begin it has been told of.
        var isComplete = reader.HasRead && _wasClosed;
        if (!reader.IsShort || isComplete || reader.Header is null || files.HaveGoneOn(reader.Name))
        {
            FindTorn(reader, offset);
            return;
        }

        Tell(reader.Name, reader.Length, Next, Next - 1, LogDamagedException.CutOff(reader, Next - 1));
    }

    private void FindTorn(SegmentReader reader, long offset)
    {
        if (!reader.IsUnwrittenFrom(offset)) _torn = new TornTail(reader.Name, offset, reader.Length - offset);
    }

    // Something was written later, or the checkpoint has seen it.
    private bool MustBeBegun(SegmentReader reader, int next) =>
        (reader.Name == BeginName && files.Checkpoint != Checkpoint.Beginning)
        || reader.FindProof(Next, out _) is not null
        || IsGap(NextFirst(next))
        || reader.IsShort;

    private SegmentReport WalkFrames(SegmentReader reader, SegmentReport report, int next)
    {
        while (true)
        {
            var offset = reader.Offset;
            if (reader.TryRead(out var frame, out var body))
            {
                report = ReadFrame(reader, report, offset, frame, body);
                continue;
            }

            var later = reader.FindProof(Next, out var proof);
            var first = NextFirst(next);
            if (later is null && !IsGap(first))
            {
                if (first is null) FindEnd(reader, offset);
                return report;
            }

            reader.LookAgain();
            if (reader.TryRead(out frame, out body))
            {
                report = ReadFrame(reader, report, offset, frame, body);
                continue;
            }

            if (later is null)
            {
                // There is a gap, so there is a first one behind it.
                PassOver(reader.Name, offset, first!.Value, "nothing can be read from there to the end of the file.");
                return report;
            }

            PassOver(reader.Name, offset, later.Value.First, $"it can be read again from byte {proof} on.");
            reader.SkipTo(proof);
        }
    }

    private SegmentReport ReadFrame(
        SegmentReader reader, SegmentReport report, long offset, in FrameHeader frame, ReadOnlySpan<byte> body)
    {
        _last ??= frame.First - 1;
        if (frame.First != _last + 1)
        {
            var what = $"position {frame.First} is there, where {_last + 1} should be.";
            Tell(reader.Name, offset, _last.Value + 1, Math.Max(frame.First - 1, _last.Value), what);
        }

        // What is there for the second time is not told twice.
        if (frame.Last > _last) ReadEntries(reader.Name, offset, frame, body);
        _wasClosed = frame.IsClosing;
        return report with
        {
            First = report.First == 0 && frame.Count > 0 ? frame.First : report.First,
            Last = frame.Count > 0 ? frame.Last : report.Last,
            Used = reader.Offset,
            Frames = report.Frames + 1,
            FirstTime = report.FirstTime ?? frame.Time,
            LastTime = frame.Time,
        };
    }

    private void ReadEntries(string file, long offset, in FrameHeader frame, ReadOnlySpan<byte> body)
    {
        for (var i = 0; i < frame.Count; i++)
        {
            if (!EntryCodec.TryRead(ref body, out var entry)) throw LogVersionException.OfEntry(file, offset);

            var position = frame.First + i;
            if (position > _last) onEntry?.Invoke(position, entry);
        }

        _last = frame.Last;
    }

    /// <summary>The first position of the next segment that was begun; null for none.</summary>
    private long? NextFirst(int next)
    {
        for (var i = next; i < files.Segments.Count; i++)
        {
            if (files.Segments[i].ReadHeader() is { } header) return header.First;
        }

        return null;
    }

    /// <summary>The position that should come next, as far as that is known.</summary>
    private long Next => 1 + (_last ?? files.Checkpoint?.From - 1 ?? 0);

    private bool IsGap(long? first) => (_last is not null || files.Checkpoint is not null) && first > Next;

    private void TellShortEnd(long end)
    {
        var place = _torn?.File ?? (_segments.Count > 0 ? _segments[^1].File : Checkpoint.FileName);
        Tell(place, _torn?.Offset ?? 0, Next, end, $"the log ends there, and the checkpoint was complete at {end}.");
        _torn = null;
        _last = end;
    }

    private void PassOver(string file, long offset, long first, string what)
    {
        Tell(file, offset, _last is null && files.Checkpoint is null ? first : Next, first - 1, what);
        _last = first - 1;
    }

    private void Tell(string file, long offset, long from, long to, string what)
    {
        var damage = new LogDamage(file, offset, from, to, what);
        _damages.Add(damage);
        onDamage?.Invoke(damage);
    }
}
