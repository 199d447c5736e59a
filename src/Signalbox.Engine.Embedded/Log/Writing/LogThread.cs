using System.Diagnostics;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Gates;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>
/// The thread that writes the log: it flushes at once what somebody waits for, and the rest in time, which it writes as it
/// gathers.
/// </summary>
/// <remarks>What a loop waits for that has nothing else to do, that loop flushes itself: see <see cref="RoundFlush"/>.</remarks>
public sealed class LogThread : IDisposable
{
    // Until it is seen whether space has come back.
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private const int MostYields = 100;

    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly DiskLog _log;
    private readonly Checkpointer _checkpointer;
    private readonly LogNews _news;
    private readonly Thread _thread;
    private readonly RoundFlush _roundFlush;

    // Held by whoever writes the log: this thread or a loop.
    private readonly Gate _writer = new(GateRank.LogWriter);
    private volatile bool _isStopping;
    private bool _hadReserve = true;

    // Since when something waits to be flushed for which nobody waits, as a time stamp; null where nothing does.
    private long? _since;

    public LogThread(DiskLog log, Checkpointer checkpointer, LogNews news)
    {
        _log = log;
        _checkpointer = checkpointer;
        _news = news;
        _roundFlush = new RoundFlush(log, checkpointer, _writer, Wake);
        log.OnWork(isUrgent =>
        {
            if (!isUrgent || !_roundFlush.TryTake()) Wake();
        });
        _thread = new Thread(Run) { Name = "log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Stops it. What has gathered is written when the log is closed.</summary>
    public void Dispose()
    {
        _isStopping = true;
        Wake();
        _thread.Join();
        _roundFlush.Stop();
        _work.Dispose();
    }

    private void Wake()
    {
        try
        {
            _work.Set();
        }
        catch (ObjectDisposedException)
        {
            // It has ended since: what comes now is written when the log is closed.
        }
    }

    private void Run()
    {
        while (!_isStopping && _log.Failure is null)
        {
            Await();
            if (_isStopping) return;

            if (_log.IsUrgent) Gather();
            Flush? flush;
            using (_writer.Enter()) flush = Write();
            flush?.Complete();
            TellReserve();
            using (_writer.Enter()) _checkpointer.Step(isBusy: _log.IsUrgent);
        }

        if (_log.Failure is { } failure) _news.Failed?.Invoke(failure);
    }

    private void Await()
    {
        if (_log.IsUrgent && _log.NoReserve is null) return;

        if (_log.NoReserve is not null)
        {
            _work.WaitOne(Retry);
            return;
        }

        if (_checkpointer.IsStuck && !_log.HasWork)
        {
            _work.WaitOne(Retry);
            return;
        }

        // Not urgent: more may gather, unless there is a checkpoint to go on with.
        if (IsTelling || (!_log.HasWork && _checkpointer.IsDue)) return;

        if (!_log.HasWork)
        {
            _since = null;
            _work.WaitOne();
        }

        _since ??= Stopwatch.GetTimestamp();
        if (_log.IsUrgent || _log.IsMuch || _isStopping || Left is not (> 0 and var left)) return;

        _work.WaitOne(left);
    }

    private bool IsTelling => _checkpointer.IsUnderWay && !_checkpointer.IsStuck;

    // Milliseconds until it is time to flush what nobody waits for.
    private int Left
    {
        get
        {
            if (_since is not { } since) return 0;

            var left = _log.Options.FlushInterval - Stopwatch.GetElapsedTime(since);
            return (int)Math.Ceiling(left.TotalMilliseconds);
        }
    }

    private Flush? Write()
    {
        if (!_log.IsUrgent && !IsTelling && _log.NoReserve is null && Left > 0)
        {
            if (_log.IsMuch) _log.WriteAhead();
            return null;
        }

        _since = null;
        return _log.Write();
    }

    // Whoever is about to append more is let do so, as long as more comes: a flush costs the same for one and for
    // hundreds. Where nobody is about to, this costs a call to the scheduler.
    private void Gather()
    {
        var before = 0L;
        for (var i = 0; i < MostYields && _log.LastPosition is var last && last != before; i++)
        {
            before = last;
            Thread.Yield();
        }
    }

    private void TellReserve()
    {
        var reason = _log.NoReserve;
        if (reason is null == _hadReserve) return;

        _hadReserve = reason is null;
        if (reason is null) _news.RoomAgain?.Invoke();
        else _news.NoRoom?.Invoke(reason);
    }
}
