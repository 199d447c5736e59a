namespace Signalbox.Engine.Embedded.Shards;

/// <summary>When a shard has to look after which of its machines, and the one timer for the earliest of them.</summary>
/// <remarks>
/// A host stands in the heap for the earliest moment it ever asked for; when that comes it is looked after and, where
/// it has more to do later, entered again. So a deadline that only moves away costs nothing until it passes.
/// Guarded by the shard's gate.
/// </remarks>
internal sealed class Timetable : IDisposable
{
    private readonly PriorityQueue<IDue, long> _entries = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _timerTicks = long.MaxValue;

    public Timetable(TimeProvider clock, Action onDue)
    {
        _clock = clock;
        _timer = clock.CreateTimer(
            static state => ((Action)state!)(), onDue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Enter(IDue host, DateTimeOffset? wakeUp)
    {
        if (wakeUp is not { UtcTicks: var ticks } || ticks >= host.ScheduledTicks) return;

        host.ScheduledTicks = ticks;
        _entries.Enqueue(host, ticks);
        SetTimer();
    }

    /// <summary>Takes a host whose time has come; null where there is none.</summary>
    public IDue? TakeDue(DateTimeOffset now)
    {
        while (_entries.TryPeek(out var host, out var ticks) && ticks <= now.UtcTicks)
        {
            _entries.Dequeue();
            // An entry that a still earlier one has made needless: the host was looked after then.
            if (ticks != host.ScheduledTicks) continue;

            host.ScheduledTicks = long.MaxValue;
            return host;
        }

        return null;
    }

    /// <summary>The timer has fired, or what was due is done: wait for the next.</summary>
    public void Rewind()
    {
        _timerTicks = long.MaxValue;
        SetTimer();
    }

    public void Dispose() => _timer.Dispose();

    private void SetTimer()
    {
        if (!_entries.TryPeek(out _, out var ticks) || ticks >= _timerTicks) return;

        _timerTicks = ticks;
        var wait = TimeSpan.FromTicks(ticks - _clock.GetUtcNow().UtcTicks);
        // A timer takes up to 49 days, and a millisecond is as fine as it gets: round up, or it fires too early.
        wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, 1e9)));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
