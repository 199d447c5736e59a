namespace Signalbox.Core.Users;

/// <summary>What a user spent of one rate limit and when: the exact log, so that the window truly slides.</summary>
/// <remarks>
/// A spending forgets what its own window has left behind. So there are never more entries than units fit into the
/// limit, an unbroken stream of spendings needs no wake-ups to stay small, and one wake-up clears what lies idle.
/// Times are in UTC ticks: a busy limit has an entry for every unit.
/// </remarks>
internal sealed class SlidingWindow
{
    // Spendings of one moment are one entry, so the newest stays outside of the queue until a later one comes.
    private readonly Queue<(long At, int Amount)> _older = [];
    private (long At, int Amount) _newest;
    private long _total;
    private TimeSpan _window;

    public bool IsEmpty => _total == 0;

    public TimeSpan Window => _window;

    public DateTimeOffset Newest => new(_newest.At, TimeSpan.Zero);

    /// <summary>When nothing of this counts any more, by the window of the latest spending.</summary>
    public DateTimeOffset IsOverAt => Newest + _window;

    /// <summary>The amounts, oldest first.</summary>
    public IEnumerable<(DateTimeOffset At, int Amount)> Spendings =>
        _older.Append(_newest).Select(spending => (new DateTimeOffset(spending.At, TimeSpan.Zero), spending.Amount));

    /// <summary>The amount spent in the time (now - window, now].</summary>
    public long SpentWithin(TimeSpan window, DateTimeOffset now)
    {
        var start = now.UtcTicks - window.Ticks;
        var spent = _total;
        foreach (var (at, amount) in _older)
        {
            if (at > start) return spent;

            spent -= amount;
        }

        return _newest.At > start ? spent : 0;
    }

    /// <summary>The time until this many units of those that count now do not count any more.</summary>
    /// <returns>The time, or null where not so many count.</returns>
    public TimeSpan? TimeUntilFree(long units, TimeSpan window, DateTimeOffset now)
    {
        var start = now.UtcTicks - window.Ticks;
        foreach (var (at, amount) in _older)
        {
            if (at <= start) continue;

            units -= amount;
            if (units <= 0) return new TimeSpan(at - start);
        }

        return _newest.At > start && units <= _newest.Amount ? new TimeSpan(_newest.At - start) : null;
    }

    public void Spend(int amount, DateTimeOffset moment, TimeSpan window)
    {
        _window = window;
        Forget(moment.UtcTicks - window.Ticks);

        if (!IsEmpty && moment.UtcTicks <= _newest.At)
        {
            _newest.Amount += amount;
        }
        else
        {
            if (!IsEmpty) _older.Enqueue(_newest);
            _newest = (moment.UtcTicks, amount);
        }

        _total += amount;
    }

    /// <summary>Forgets what was spent up to and with this moment.</summary>
    public void Forget(DateTimeOffset upTo) => Forget(upTo.UtcTicks);

    private void Forget(long upTo)
    {
        while (_older.TryPeek(out var oldest) && oldest.At <= upTo)
        {
            _older.Dequeue();
            _total -= oldest.Amount;
        }

        if (_newest.At <= upTo) _total = 0;
    }
}
