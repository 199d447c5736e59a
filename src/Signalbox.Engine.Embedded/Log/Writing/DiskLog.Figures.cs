using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;

namespace Signalbox.Engine.Embedded.Log.Writing;

// How it stands, for those who write it, for checkpoints and for operators.
public sealed partial class DiskLog
{
    /// <summary>Bytes of what was appended since it was opened.</summary>
    internal long AppendedBytes => Volatile.Read(ref _appendedBytes);

    /// <summary>Bytes that were appended and are not durable yet.</summary>
    internal long WaitingBytes
    {
        get
        {
            using (_gate.Enter()) return _gathering.BodyBytes + _writing.BodyBytes + _aheadBytes;
        }
    }

    /// <summary>How many checkpoints were completed since it was opened.</summary>
    internal long Checkpoints => Volatile.Read(ref _checkpoints);

    /// <summary>How long the files are that hold it; a part of them may be reserved only.</summary>
    internal long FileBytes => LogReader.Segments(_disk).Sum(number =>
    {
        using var file = _disk.Open(SegmentHeader.NameOf(number));
        return file.Length;
    });

    /// <summary>Bytes of news since the last checkpoint.</summary>
    internal long NewsBytes { get; private set; }

    /// <summary>Bytes that checkpoints have told since it was opened.</summary>
    internal long ToldBytes { get; private set; }

    /// <summary>Bytes that can be written without another segment.</summary>
    internal long RoomBytes => Segments.Room;

    /// <summary>Whether the next segment is reserved, so that a write does not wait for that.</summary>
    internal bool HasReserve => Segments.HasReserve;

    /// <summary>Whether several threads had something in the last flush.</summary>
    internal bool LastWasOfMany => _lastWasOfMany;

    /// <summary>How long the last flush took.</summary>
    internal TimeSpan LastFlush => new(Volatile.Read(ref _lastFlushTicks));

    /// <summary>The segment that is being written; null before the first write.</summary>
    internal long? CurrentSegment => Segments.Current;
}
