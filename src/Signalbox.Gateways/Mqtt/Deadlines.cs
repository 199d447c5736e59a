using Signalbox.Gates;

namespace Signalbox.Gateways.Mqtt;

/// <summary>Keep alives, wills and ends of sessions: one timer for all of them.</summary>
internal sealed class Deadlines : IDisposable
{
    // No timer sleeps much longer than a month; to look once a day costs nothing.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly Gate _gate = new(GateRank.Deadlines);
    private readonly SortedSet<(DateTimeOffset At, long Ticket)> _order = [];
    private readonly Dictionary<long, IDeadline> _byTicket = [];
    private readonly Dictionary<IDeadline, (DateTimeOffset At, long Ticket)> _entries = [];
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _lastTicket;

    public Deadlines(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(
            static state => ((Deadlines)state!).LookAtDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It is to be looked at then, in place of what was said before; null for never.</summary>
    public void Set(IDeadline deadline, DateTimeOffset? at)
    {
        using (_gate.Enter())
        {
            if (_entries.Remove(deadline, out var old))
            {
                _order.Remove(old);
                _byTicket.Remove(old.Ticket);
            }

            if (at is not { } moment) return;

            var entry = (moment, ++_lastTicket);
            _order.Add(entry);
            _byTicket.Add(entry.Item2, deadline);
            _entries.Add(deadline, entry);
            if (_order.Min == entry) SetTimer();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void LookAtDue()
    {
        var due = new List<IDeadline>();
        var now = _clock.GetUtcNow();
        using (_gate.Enter())
        {
            while (_order.Count > 0 && _order.Min.At <= now)
            {
                _byTicket.Remove(_order.Min.Ticket, out var deadline);
                _order.Remove(_order.Min);
                _entries.Remove(deadline!); // Each entry has one.
                due.Add(deadline!);
            }

            SetTimer();
        }

        foreach (var deadline in due)
        {
            if (deadline.Look(now) is { } next) Set(deadline, next);
        }
    }

    private void SetTimer()
    {
        if (_order.Count == 0) return;

        // A timer counts whole milliseconds, and must not be early.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling((_order.Min.At - _clock.GetUtcNow()).TotalMilliseconds));
        _timer.Change(
            wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestSleep ? wait : LongestSleep, Timeout.InfiniteTimeSpan);
    }
}
