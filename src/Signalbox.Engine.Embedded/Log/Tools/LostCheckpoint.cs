using Signalbox.Engine.Embedded.Log.Format;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>Finds out what the file <c>checkpoint</c> said, where it is lost, by what the log tells.</summary>
/// <remarks>
/// A log that still has its first segment has all its news, and needs nothing that was told. Any other begins with the
/// segment of its last checkpoint, so the first telling in it was completed. When a machine begins to be told for the
/// second time, that is the next telling, which may not have been.
/// </remarks>
internal sealed class LostCheckpoint
{
    private readonly HashSet<(MachineKind Kind, string Name)> _told = [];
    private long _to;
    private bool _isNext;

    public static Checkpoint Find(LogFiles files)
    {
        var first = files.Segments.Count > 0 ? files.Segments[0].Number : Checkpoint.Beginning.Segment;
        if (first == Checkpoint.Beginning.Segment) return Checkpoint.Beginning;

        var search = new LostCheckpoint();
        new LogWalk(files, search.Take, onDamage: null).Run();
        return new Checkpoint(first, From: 1, search._to, Bytes: 0);
    }

    private void Take(long position, in LogEntry entry)
    {
        if (_isNext || !entry.Mark.HasFlag(EntryMark.Told)) return;

        _isNext = entry.Mark.HasFlag(EntryMark.Begins) && !_told.Add((entry.Kind, entry.Name));
        if (!_isNext) _to = position;
    }
}
