using System.Collections.Concurrent;
using Signalbox.Gates;

namespace Signalbox.Engine.Nodes;

/// <summary>
/// Who gets a message of a channel that several audiences listen to, each once. Where these have many seats together it is
/// remembered until somebody comes or goes, so that filters made to overlap cost a publish no more than their owners do.
/// </summary>
/// <remarks>
/// <para>What is remembered is good as long as nobody has come to any filter, or to the channel itself, or gone; both are
/// counted before the one who subscribes or leaves is told so. It is let go as soon as it is not good any more, so that it
/// keeps nobody who is gone.</para>
/// <para>The pump says that it walks through what is remembered before it looks whether that is good; who leaves counts
/// that before it looks whether the pump walks. So either the pump looks anew, or the one who leaves waits for it.</para>
/// </remarks>
internal sealed class Reaches(FilterTrie filters)
{
    // Fewer are looked through more quickly than they are remembered.
    private const int FromSeats = 64;

    // For all channels together: 2 MB.
    private const int MostSeats = 256 * 1024;

    [ThreadStatic]
    private static List<Audience>? _matches;

    private readonly Gate _gate = new(GateRank.Reaches);
    private readonly ConcurrentDictionary<string, Reach> _known = new(StringComparer.Ordinal);
    private long _changes;
    private int _seats;
    private volatile bool _isWalked;

    /// <summary>Whether the pump walks through what <see cref="BeginWalk"/> gave it.</summary>
    public bool IsWalked => _isWalked;

    /// <summary>Seats that are remembered.</summary>
    public int SeatCount => Volatile.Read(ref _seats);

    /// <summary>Somebody has come to a filter, or gone.</summary>
    public void FilterChanged()
    {
        Interlocked.Increment(ref _changes);
        if (SeatCount == 0) return;

        using (_gate.Enter()) Clear();
    }

    /// <summary>Somebody has come to this channel itself, or gone.</summary>
    public void ChannelChanged(string channel)
    {
        if (SeatCount == 0) return;

        using (_gate.Enter()) Forget(channel);
    }

    /// <param name="exact">The audience of the channel itself; null for none.</param>
    /// <returns>How many get a message of the channel.</returns>
    public int Count(string channel, Audience? exact)
    {
        if (filters.IsEmpty) return exact?.Count ?? 0;
        if (Find(channel, exact) is { } known) return known.Length;

        var changes = Volatile.Read(ref _changes);
        var exactChanges = exact?.Changes ?? 0;
        var matches = _matches ??= [];
        try
        {
            if (exact is not null) matches.Add(exact);
            filters.Match(channel, matches);
            if (matches.Count <= 1) return matches.Count == 0 ? 0 : matches[0].Count;

            var (seats, looked) = FirstSeats(matches);
            if (looked >= FromSeats) Remember(channel, new Reach(seats, changes, exact, exactChanges));
            return seats.Length;
        }
        finally
        {
            matches.Clear();
        }
    }

    /// <summary>The pump is about to give these a message; it says <see cref="EndWalk"/> after that.</summary>
    /// <returns>The seats of all who get it; null where that is not remembered, and nothing has begun.</returns>
    public Subscription[]? BeginWalk(string channel, Audience? exact)
    {
        if (SeatCount == 0) return null;

        _isWalked = true;
        Interlocked.MemoryBarrier();
        var seats = Find(channel, exact);
        _isWalked = seats is not null;
        return seats;
    }

    public void EndWalk() => _isWalked = false;

    // Somebody may sit in two of them, and gets one copy all the same: by the first of them, as when they are walked through.
    private static (Subscription[] Seats, int Looked) FirstSeats(List<Audience> audiences)
    {
        var looked = 0;
        var owners = new HashSet<Subscriber>();
        var seats = new List<Subscription>();
        foreach (var audience in audiences) looked += audience.AddSeatsOfOthers(owners, seats);
        return ([.. seats], looked);
    }

    private Subscription[]? Find(string channel, Audience? exact) =>
        SeatCount > 0 && _known.TryGetValue(channel, out var reach) && IsGood(reach, exact) ? reach.Seats : null;

    private bool IsGood(Reach reach, Audience? exact) =>
        reach.Changes == Volatile.Read(ref _changes) && reach.Exact == exact && reach.ExactChanges == (exact?.Changes ?? 0);

    private void Remember(string channel, Reach reach)
    {
        if (reach.Seats.Length > MostSeats) return;

        using (_gate.Enter())
        {
            Forget(channel);
            if (_seats + reach.Seats.Length > MostSeats) Clear();
            _known[channel] = reach;
            Volatile.Write(ref _seats, _seats + reach.Seats.Length);
            // Who has come or gone since may have looked before there was anything to let go.
            Interlocked.MemoryBarrier();
            if (!IsGood(reach, reach.Exact)) Forget(channel);
        }
    }

    // Under the gate, as below.
    private void Forget(string channel)
    {
        if (_known.TryRemove(channel, out var reach)) Volatile.Write(ref _seats, _seats - reach.Seats.Length);
    }

    private void Clear()
    {
        _known.Clear();
        Volatile.Write(ref _seats, 0);
    }

    /// <summary>Whom a channel reached when it was looked at.</summary>
    /// <param name="Changes">How often somebody had come to a filter by then, or gone.</param>
    /// <param name="ExactChanges">The same of the channel itself.</param>
    private sealed record Reach(Subscription[] Seats, long Changes, Audience? Exact, long ExactChanges);
}
