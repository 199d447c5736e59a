using Signalbox.Core.Channels;
using Signalbox.Core.Queues;
using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Writing;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>Takes what is told of the machines of a damaged log, and writes it behind that log.</summary>
/// <remarks>
/// Nobody may take what comes for what was lost. So every channel gets a new epoch, in which no subscriber has seen
/// anything yet, and every queue numbers its next items from the clock on, past any that it may have had.
/// </remarks>
internal sealed class RepairedLog(
    IDisk disk, TimeProvider clock, LogOptions options, long lastSegment, long lastPosition)
    : ILog, IDisposable
{
    private readonly SegmentWriter _segments = new(disk, options.SegmentBytes, lastSegment);
    private readonly OpenFrame _frame = new();
    private readonly long _before = lastPosition;
    private long _last = lastPosition;
    private long _bytes;

    public bool HasRoom => true;

    public bool SaysClosed => false;

    public long Append(in LogEntry entry)
    {
        // Items can be long, and a frame must not be longer than can be read at once.
        if (_frame.BodyBytes > options.MaxWaitingBytes) Flush();
        _frame.Add(entry with { Fact = Renumbered(entry.Fact) });
        return ++_last;
    }

    public bool IsDurable(long position) => false;

    public bool TryWait(long position, IDurableWaiter waiter) => throw new NotSupportedException("Nobody waits for a repair.");

    public void OnDurable(Action advanced)
    {
        // There is nobody to whom anything would be let out.
    }

    /// <summary>Writes what has gathered.</summary>
    public void Flush()
    {
        if (!_frame.IsEmpty) Write(isClosing: false);
    }

    /// <summary>Ends it. It is all on disk then, and counts as soon as this checkpoint is there.</summary>
    public Checkpoint Close()
    {
        Flush();
        // Also where there is nothing to tell: a checkpoint needs a segment to name.
        Write(isClosing: true);
        _segments.Close();
        return new Checkpoint(lastSegment + 1, _before + 1, _last, _bytes);
    }

    /// <summary>Gives its space back.</summary>
    public void Abandon()
    {
        _segments.Dispose();
        foreach (var number in Reading.LogReader.Segments(disk).Where(number => number > lastSegment))
        {
            disk.Delete(SegmentHeader.NameOf(number));
        }
    }

    public void Dispose() => _segments.Dispose();

    private void Write(bool isClosing)
    {
        var first = _last - _frame.Count + 1;
        _bytes += _frame.BodyBytes;
        _segments.Write(_frame.Seal(first, first - 1, clock.GetUtcNow(), isClosing), first);
        _segments.Sync();
        _frame.Clear();
    }

    private object Renumbered(object fact) => fact switch
    {
        ChannelOpened => new ChannelOpened(EmbeddedEngine.NewEpoch()),
        // A channel that keeps only its value has no numbering.
        ChannelRestored { Epoch.Length: > 0 } restored => restored with { Epoch = EmbeddedEngine.NewEpoch() },
        QueueRestored restored => new QueueRestored(Math.Max(restored.LastId, Microseconds())),
        _ => fact,
    };

    private long Microseconds() => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
