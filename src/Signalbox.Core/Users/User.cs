using System.Diagnostics;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Users;

/// <summary>Where a user is, what is left of the user's rate limits, and which of the user's tokens are void.</summary>
/// <remarks>
/// <para>Connections are live state: each hangs on the node that it came through, and a node that is not renewed in
/// time takes all of its connections with it in one step. Rate limits and revocations are lasting state: a restart
/// hands nobody a fresh limit, and lets nobody back in.</para>
/// <para>Deciding and doing are apart: all methods but <see cref="Apply"/> look and answer, and change nothing.
/// Not thread-safe: an engine gives a user one writer.</para>
/// </remarks>
public sealed class User(UserLimits limits)
{
    private readonly Dictionary<string, UserConnection> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SlidingWindow> _rates = new(StringComparer.Ordinal);
    private readonly Revocations _revocations = new();

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<UserConnection> Connections =>
        [.. _connections.Values.OrderBy(c => c.Since).ThenBy(c => c.Id, StringComparer.Ordinal)];

    public bool IsOnline => _connections.Count > 0;

    /// <summary>Since when there was always some connection, if not always the same; null when offline.</summary>
    public DateTimeOffset? OnlineSince { get; private set; }

    /// <summary>Whether a new machine would be equal to this one.</summary>
    /// <remarks>A node that announces itself before its first connection must be remembered too.</remarks>
    public bool IsEmpty =>
        _connections.Count == 0 && _nodes.Count == 0 && _rates.Count == 0 && _revocations.IsEmpty;

    /// <summary>The moment at which <see cref="NextDue"/> next has something to say; null for never.</summary>
    public DateTimeOffset? NextWakeUp
    {
        get
        {
            var next = _revocations.NextEnd;
            foreach (var until in _nodes.Values) next = next < until ? next : until;
            foreach (var rate in _rates.Values) next = next < rate.IsOverAt ? next : rate.IsOverAt;
            return next;
        }
    }

    /// <summary>Whether who brings this token may come in.</summary>
    public Refusal Check(TokenStamp token) => _revocations.Cover(token) ? Refusal.Revoked : Refusal.None;

    /// <param name="fact">Null for a refusal, and where just this connection is open already.</param>
    public Refusal Open(UserConnection connection, out ConnectionOpened? fact)
    {
        fact = null;
        if (connection.Token is { } token && Check(token) is var revoked and not Refusal.None) return revoked;

        if (_connections.TryGetValue(connection.Id, out var present))
        {
            if (present != connection) fact = new ConnectionOpened(connection);
            return Refusal.None;
        }

        if (_connections.Count >= limits.MaxConnections) return Refusal.TooManyConnections;

        fact = new ConnectionOpened(connection);
        return Refusal.None;
    }

    /// <returns>The fact, or null where there is no such connection.</returns>
    public ConnectionClosed? Close(string id) => _connections.ContainsKey(id) ? new ConnectionClosed(id) : null;

    /// <remarks>Renewals may overtake one another: that which reaches furthest holds.</remarks>
    /// <returns>The fact, or null where the node was promised to be alive for as long already.</returns>
    public UserNodeRenewed? Renew(string node, DateTimeOffset until) =>
        _nodes.TryGetValue(node, out var present) && present >= until ? null : new UserNodeRenewed(node, until);

    /// <returns>The fact, or null where nothing is known of the node.</returns>
    public UserNodeLost? Lose(string node) =>
        _nodes.ContainsKey(node) || ConnectionsOf(node).Any() ? new UserNodeLost(node) : null;

    /// <summary>Makes one token void, or all that were issued until now. Connections that came in with them are for the
    /// caller to cut.</summary>
    public Refusal Revoke(string? tokenId, DateTimeOffset now, TimeSpan time, out TokensRevoked? fact)
    {
        fact = null;
        if (time <= TimeSpan.Zero || time > DateTimeOffset.MaxValue - now) return Refusal.OutOfRange;
        if (tokenId is not null && !_revocations.Has(tokenId) && _revocations.Count >= limits.MaxRevocations)
        {
            return Refusal.TooManyIds;
        }

        fact = new TokensRevoked(tokenId, now, now + time);
        return Refusal.None;
    }

    /// <param name="state">What is left after this, and the time until the same amount can be spent again.</param>
    public Refusal Spend(RateLimit limit, int amount, DateTimeOffset now, out RateSpent? fact, out RateState state)
    {
        fact = null;
        state = default;
        if (!IsInRange(limit, amount, now)) return Refusal.OutOfRange;

        var rate = _rates.GetValueOrDefault(limit.Name);
        if (rate is null && _rates.Count >= limits.MaxRates) return Refusal.TooManyIds;

        var spent = rate?.SpentWithin(limit.Window, now) ?? 0;
        if (spent + amount > limit.Amount)
        {
            state = StateOf(rate, limit, spent, amount, now);
            return Refusal.RateLimited;
        }

        fact = new RateSpent(limit.Name, amount, now, limit.Window);
        state = StateOf(rate, limit, spent + amount, amount, now);
        return Refusal.None;
    }

    /// <summary>What is left, and the time until at least one unit can be spent.</summary>
    public RateState RateOf(RateLimit limit, DateTimeOffset now)
    {
        var rate = _rates.GetValueOrDefault(limit.Name);
        return StateOf(rate, limit, rate?.SpentWithin(limit.Window, now) ?? 0, wanted: 1, now);
    }

    /// <summary>How long a spending counts by the latest that there was; null where none counts.</summary>
    public TimeSpan? WindowOf(string limit) => _rates.GetValueOrDefault(limit)?.Window;

    /// <summary>What the passing of time has brought about and nobody has applied yet, one fact a call.</summary>
    /// <returns>The fact, or null when nothing is due at <paramref name="now"/>.</returns>
    public UserFact? NextDue(DateTimeOffset now)
    {
        if (NextWakeUp is not { } due || due > now) return null;

        var lost = _nodes.Where(node => node.Value <= now).Select(node => node.Key).Min(StringComparer.Ordinal);
        if (lost is not null) return new UserNodeLost(lost);
        if (_revocations.NextEnded(now) is { } ended) return ended;

        var (name, rate) = _rates.Where(rate => rate.Value.IsOverAt <= now).MinBy(r => r.Key, StringComparer.Ordinal);
        return new RateForgotten(name, rate.Newest);
    }

    public void Apply(UserFact fact)
    {
        switch (fact)
        {
            case ConnectionOpened { Connection: var connection }:
                // A node that comes back may announce old connections after new ones.
                OnlineSince = OnlineSince < connection.Since ? OnlineSince : connection.Since;
                _connections[connection.Id] = connection;
                break;

            case ConnectionClosed closed:
                _connections.Remove(closed.Id);
                if (!IsOnline) OnlineSince = null;
                break;

            case UserNodeRenewed renewed:
                _nodes[renewed.Node] = renewed.Until;
                break;

            case UserNodeLost lost:
                _nodes.Remove(lost.Node);
                foreach (var gone in ConnectionsOf(lost.Node).ToList()) _connections.Remove(gone.Id);
                if (!IsOnline) OnlineSince = null;
                break;

            case RateSpent spent:
                if (!_rates.TryGetValue(spent.Limit, out var rate)) _rates[spent.Limit] = rate = new SlidingWindow();
                rate.Spend(spent.Amount, spent.At, spent.Window);
                break;

            case RateForgotten forgotten:
                if (!_rates.TryGetValue(forgotten.Limit, out var old)) break;
                old.Forget(forgotten.UpTo);
                if (old.IsEmpty) _rates.Remove(forgotten.Limit);
                break;

            case TokensRevoked revoked:
                _revocations.Add(revoked);
                break;

            case RevocationEnded ended:
                _revocations.End(ended);
                break;

            default:
                throw new UnreachableException($"A user cannot apply {fact.GetType().Name}.");
        }
    }

    /// <summary>Facts that make a new machine equal to this one, save the connections: a restart cuts them.</summary>
    public IEnumerable<UserFact> Snapshot() => _revocations.Snapshot().Concat<UserFact>(
        from rate in _rates.OrderBy(rate => rate.Key, StringComparer.Ordinal)
        from spending in rate.Value.Spendings
        select new RateSpent(rate.Key, spending.Amount, spending.At, rate.Value.Window));

    private IEnumerable<UserConnection> ConnectionsOf(string node) => _connections.Values.Where(c => c.Node == node);

    // An amount above the limit could never be spent, however long one waits. A window that ends after the end of
    // the calendar has no moment at which it is over.
    private bool IsInRange(RateLimit limit, int amount, DateTimeOffset now) =>
        amount > 0
        && amount <= limit.Amount
        && limit.Amount <= limits.MaxRate
        && limit.Window > TimeSpan.Zero
        && limit.Window <= DateTimeOffset.MaxValue - now;

    // What was spent just now is not in the log yet: it is free again after the whole window.
    private static RateState StateOf(SlidingWindow? rate, RateLimit limit, long spent, int wanted, DateTimeOffset now)
    {
        var remaining = (int)Math.Max(0, limit.Amount - spent);
        var missing = spent + wanted - limit.Amount;
        return missing <= 0
            ? new RateState(remaining, TimeSpan.Zero)
            : new RateState(remaining, rate?.TimeUntilFree(missing, limit.Window, now) ?? limit.Window);
    }
}
