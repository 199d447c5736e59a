using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>
/// Sees, at the end of its round, to what a loop has appended that has nothing to do but what waits for the log. Where it is
/// the only one it flushes itself: to wake the log's thread, and to be woken by it, would take longer than what the loop
/// could do meanwhile. Else it has that thread woken, which then finds the whole round.
/// </summary>
/// <remarks>
/// A loop that has anything else to do is not held up by the disk, nor is any by a disk that is slow. Where several loops
/// have something to write, the log's thread gathers it from all of them.
/// </remarks>
/// <param name="writer">Held by whoever writes the log.</param>
/// <param name="wakeThread">Has the log's own thread see to what is left.</param>
internal sealed class RoundFlush(DiskLog log, Checkpointer checkpointer, Gate writer, Action wakeThread) : IThreadPoolWorkItem
{
    // So many rounds in a row there was one loop, which had nothing else to do.
    private const int EnoughRounds = 8;

    // Whoever comes to the loop meanwhile waits for the disk: not longer than this.
    private static readonly TimeSpan LongestFlush = TimeSpan.FromMilliseconds(1);

    // Of whoever was the first to append since a flush: two may be so at once, and then one of them is forgotten.
    private Action<IThreadPoolWorkItem>? _loop;
    private int _rounds;

    private bool _isStopped;

    private bool IsForThread =>
        _rounds < EnoughRounds || log.LastFlush > LongestFlush || checkpointer.IsUnderWay;

    /// <summary>Takes it upon this thread to see to what has just been appended, at the end of its round.</summary>
    /// <returns>False where the log's thread is to do so at once.</returns>
    public bool TryTake()
    {
        var loop = Turn.Home;
        var hasNothingElse = TurnsThatWait.TakeAreAlmostAll();
        var isAlone = hasNothingElse && ReferenceEquals(loop, _loop) && !log.LastWasOfMany;
        _rounds = isAlone ? Math.Min(_rounds + 1, EnoughRounds) : 0;
        _loop = loop;
        if (loop is null || !hasNothingElse) return false;

        loop(this);
        return true;
    }

    /// <summary>From now on it leaves everything as it is; whoever flushes just now is let finish.</summary>
    public void Stop()
    {
        using (writer.Enter()) _isStopped = true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        TurnsThatWait.Count();
        if (!IsForThread && IsDone()) return;

        wakeThread();
    }

    private bool IsDone()
    {
        Flush? flush;
        using (writer.Enter())
        {
            // Another thread may have flushed it meanwhile.
            if (_isStopped || !log.IsUrgent) return true;

            // A segment is not made while a loop waits for it.
            flush = log.HasReserve ? log.Write() : null;
        }

        flush?.Complete();
        return flush is not null && !checkpointer.IsDue;
    }
}
