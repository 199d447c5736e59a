using Signalbox.Gates;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Security;

/// <summary>Ends sessions whose time is over: the token has expired, or it was never said who is there.</summary>
/// <remarks>One timer, for the earliest of them. A session has one entry at most, and none once it is gone.</remarks>
internal sealed class Expiries : IDisposable
{
    // No timer sleeps much longer than a month; to look once a day costs nothing.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly Gate _gate = new(GateRank.Expiries);
    private readonly SortedSet<(DateTimeOffset At, long Ticket)> _order = [];
    private readonly Dictionary<long, Session> _sessions = [];
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _lastTicket;

    public Expiries(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(
            static state => ((Expiries)state!).EndDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The session is to end then, in place of what was said before; null for never.</summary>
    /// <returns>The entry, to be given back with the next call; null for none.</returns>
    public (DateTimeOffset, long)? Set(Session session, (DateTimeOffset, long)? known, DateTimeOffset? at)
    {
        using (_gate.Enter())
        {
            if (known is { } old && _order.Remove(old)) _sessions.Remove(old.Item2);
            if (at is not { } moment) return null;

            var entry = (moment, ++_lastTicket);
            _order.Add(entry);
            _sessions.Add(entry.Item2, session);
            if (_order.Min == entry) SetTimer();
            return entry;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void EndDue()
    {
        var due = new List<Session>();
        using (_gate.Enter())
        {
            var now = _clock.GetUtcNow();
            while (_order.Count > 0 && _order.Min.At <= now)
            {
                _sessions.Remove(_order.Min.Ticket, out var session);
                _order.Remove(_order.Min);
                due.Add(session!); // Each entry has one.
            }

            SetTimer();
        }

        foreach (var session in due) session.EndFor(session.Identity.IsAnonymous ? SessionEnd.Unknown : SessionEnd.TokenExpired);
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
