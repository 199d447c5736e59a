using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Writing;

namespace Signalbox.Engine.Embedded.Checkpoints;

/// <summary>Has everything told again when the log has grown enough, so that what is older can be deleted.</summary>
/// <remarks>
/// <code>
///  idle -- enough news --> telling, a portion a step -- all told --> settling -- all of it durable --> idle
/// </code>
/// The file <c>checkpoint</c> is replaced at the end. A crash before that leaves the last checkpoint valid, and what was
/// told since is passed over by the reader. Used by the log's writer alone.
/// </remarks>
/// <param name="beginTelling">Begins to tell; what it gives tells a portion of about as many entries as it is asked for,
/// and answers whether there is more.</param>
public sealed class Checkpointer(DiskLog log, Func<Func<int, bool>> beginTelling)
{
    // While somebody waits for flushes each of them carries a small portion, about a tenth of a millisecond's work.
    private const int BusyPortion = 256;
    private const int IdlePortion = 4096;

    // Whatever the portion: large values must not make a frame that takes long to write.
    private const int PortionBytes = 1024 * 1024;

    // As many as are told before it is seen how long they were.
    private const int EntriesAtOnce = 32;

    // Each start begins a file of its own, however little comes after it.
    private const int MostSegments = 256;

    private Func<int, bool>? _tell;
    private long _segment;
    private long _from;
    private long _to;
    private long _toldBefore;

    public bool IsUnderWay => _from > 0;

    /// <summary>Whether it is done but for the file that says so, which found no space: to be tried again after a while.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>Whether the log has grown enough for one.</summary>
    public bool IsDue => log.CurrentSegment is { } segment
        && (log.NewsBytes > Math.Max(log.Options.CheckpointBytes, 2 * log.Checkpoint.Bytes)
            || segment - log.Checkpoint.Segment >= MostSegments);

    /// <summary>Goes on by one portion, where there is something to do.</summary>
    /// <param name="isBusy">Whether somebody waits for the next flush.</param>
    public void Step(bool isBusy)
    {
        if (log.Failure is not null || !HasSpace) return;
        if (!IsUnderWay && IsDue) Begin();
        if (!IsUnderWay) return;

        if (_tell is not null)
        {
            if (Tell(_tell, isBusy ? BusyPortion : IdlePortion)) return;

            _tell = null;
            _to = log.LastPosition;
        }

        if (log.IsDurable(_to)) Complete();
    }

    /// <summary>Begins one whether or not it is due, where anything was written yet.</summary>
    public void Begin()
    {
        if (IsUnderWay || log.CurrentSegment is not { } segment) return;

        // Whatever is appended from here on counts, news as well as what is told; it goes to this segment or a later one.
        _segment = segment;
        _from = log.LastPosition + 1;
        _toldBefore = log.ToldBytes;
        _tell = beginTelling();
    }

    // Also where no more space can be reserved, if half a segment is left: what a checkpoint deletes is the way out.
    private bool HasSpace => log.HasRoom || log.RoomBytes > log.Options.SegmentBytes / 2;

    private bool Tell(Func<int, bool> tell, int portion)
    {
        var enough = log.ToldBytes + PortionBytes;
        for (var told = 0; told < portion && log.ToldBytes < enough; told += EntriesAtOnce)
        {
            if (!tell(EntriesAtOnce)) return false;
        }

        return true;
    }

    private void Complete()
    {
        try
        {
            log.Replace(new Checkpoint(_segment, _from, _to, log.ToldBytes - _toldBefore));
            _from = 0;
            IsStuck = false;
        }
        catch (DiskFullException)
        {
            // The last checkpoint is as good as it was. This one is tried again at the next step.
            IsStuck = true;
        }
        catch (IOException e)
        {
            log.Fail(e);
        }
    }
}
