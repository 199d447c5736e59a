using System.Collections.Concurrent;

namespace Signalbox.Gateways.Sessions;

/// <summary>The sessions of a process: how many there are, and which have been silent for too long.</summary>
public sealed class SessionRegistry : IDisposable
{
    private readonly ConcurrentDictionary<Session, bool> _sessions = new();
    private readonly SessionOptions _options;
    private readonly ITimer _sweep;
    private int _count;

    public SessionRegistry(SessionOptions options, TimeProvider clock)
    {
        _options = options;
        var period = TimeSpan.FromTicks(Math.Min(options.PingInterval.Ticks, options.IdleTimeout.Ticks) / 2);
        _sweep = clock.CreateTimer(static state => ((SessionRegistry)state!).Sweep(), this, period, period);
    }

    public int Count => Volatile.Read(ref _count);

    public void Dispose() => _sweep.Dispose();

    /// <returns>False where there are as many as allowed, in all or of its address; where the session has not ended for
    /// a reason of its own, that is for the caller.</returns>
    internal bool TryAdd(Session session, int max)
    {
        if (!session.Traffic.TryEnter())
        {
            session.EndFor(SessionEnd.TooManyOfAddress);
            return false;
        }

        if (Interlocked.Increment(ref _count) > max)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        if (session.Identity.MustSayWho) session.ExpireAt(session.Host.Clock.GetUtcNow() + session.Host.Doors.HelloTimeout);
        _sessions.TryAdd(session, true);
        session.Host.Metrics.ConnectionOpened(session.ProtocolPlace);
        return true;
    }

    internal void Remove(Session session)
    {
        if (!_sessions.TryRemove(session, out _)) return;

        Interlocked.Decrement(ref _count);
        session.Host.Metrics.ConnectionClosed(session.ProtocolPlace, session.End?.Reason ?? "peer");
    }

    // A peer that is gone without a word is found by the system's keep-alive. This finds those that are there and stuck:
    // a client that knows to ping and does not, or is pinged and does not answer, and a connection that neither says nor
    // expects anything.
    private void Sweep()
    {
        foreach (var (session, _) in _sessions)
        {
            var silence = session.Silence;
            var isLate = (session.SaidHello || session.IsPinged) && silence > _options.PingInterval * 2.5;
            var isIdle = !session.IsWaiting && session.Idleness > _options.IdleTimeout;
            if (isLate || isIdle) session.EndFor(SessionEnd.Silent);
            else if (session.IsPinged && silence >= _options.PingInterval) session.Ping();
        }
    }
}
