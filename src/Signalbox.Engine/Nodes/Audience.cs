using System.Runtime.InteropServices;
using Signalbox.Core.Names;
using Signalbox.Gates;

namespace Signalbox.Engine.Nodes;

/// <summary>The local subscribers of one channel or filter, in a flat array that the pump walks.</summary>
/// <remarks>
/// The gate guards who is here, and only that: subscribers are given messages outside of it, since they may ask an engine
/// that at this moment holds a gate and wants to count this audience.
/// </remarks>
/// <param name="onOccupancy">Called under the gate when the first has come (true) and when the last has left; it may only
/// note it down.</param>
internal sealed class Audience(string name, long ticket, Action<string, bool>? onOccupancy)
{
    // Up to so many seats are looked through while the gate is held.
    private const int MostUnderGate = 256;

    // Beyond so many a search by owner is worth an index.
    private const int IndexFrom = 16;

    private Subscription[] _seats = [];

    // What the pump walks through at this moment: it is not changed, a copy is.
    private volatile Subscription[]? _walked;
    private int _count;
    private int _isClaimed;
    private long _changes;

    // How many seats each owner has: for filters, which are asked for that, where there are many.
    private Dictionary<Subscriber, int>? _owners;
    private TaskCompletionSource? _attaching = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name { get; } = name;

    /// <summary>The ticket under which the node attached to the engine for this audience.</summary>
    public long Ticket { get; } = ticket;

    public bool IsFilter { get; } = ChannelFilter.IsFilter(name);

    public Gate Gate { get; } = new(GateRank.Audience);

    public int Count => Volatile.Read(ref _count);

    /// <summary>How often somebody has come or gone.</summary>
    public long Changes => Volatile.Read(ref _changes);

    /// <summary>Set when the last has left: the audience takes nobody any more, a new one takes its place.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether the engine knows that this node listens.</summary>
    public bool IsAttached => Volatile.Read(ref _attaching) is null;

    /// <summary>Completes when the engine knows, or will not.</summary>
    public Task WhenAttachedAsync() => Volatile.Read(ref _attaching)?.Task ?? Task.CompletedTask;

    /// <summary>The engine knows, or will not.</summary>
    public void EndAttaching(Exception? failure)
    {
        var attaching = _attaching!; // It ends once.
        if (failure is not null)
        {
            attaching.SetException(failure);
            return;
        }

        // There are as many audiences as filters: what has done its work is let go.
        Volatile.Write(ref _attaching, null);
        attaching.SetResult();
    }

    /// <returns>True for the one who is to attach for all.</returns>
    public bool TryClaimAttachment() => Interlocked.Exchange(ref _isClaimed, 1) == 0;

    /// <returns>False where the audience has closed meanwhile.</returns>
    public bool TryEnter(Subscription subscription)
    {
        using (Gate.Enter())
        {
            if (IsClosed) return false;

            // Most filters are one connection's own.
            if (_count == _seats.Length) Array.Resize(ref _seats, Math.Max(1, _count * 2));
            subscription.Seat = _count;
            _seats[_count] = subscription;
            Volatile.Write(ref _count, _count + 1);
            Interlocked.Increment(ref _changes);
            if (IsFilter) NoteOwner(subscription.Owner, 1);
            if (_count == 1) onOccupancy?.Invoke(Name, true);
            return true;
        }
    }

    /// <returns>Whether the audience is empty now, and so closed. False too where the subscription had left before.</returns>
    public bool Leave(Subscription subscription)
    {
        using (Gate.Enter())
        {
            if (subscription.Seat < 0) return false;

            if (_walked == _seats) _seats = [.. _seats];
            var last = _seats[_count - 1];
            _seats[subscription.Seat] = last;
            last.Seat = subscription.Seat;
            _seats[_count - 1] = null!; // Beyond the count: nobody looks there.
            subscription.Seat = -1;
            Volatile.Write(ref _count, _count - 1);
            Interlocked.Increment(ref _changes);
            if (IsFilter) NoteOwner(subscription.Owner, -1);
            if (_seats.Length > 64 && _count < _seats.Length / 4) Array.Resize(ref _seats, _seats.Length / 2);
            if (_count > 0) return false;

            // Noted before another audience can take this one's place and note that it is occupied.
            onOccupancy?.Invoke(Name, false);
            IsClosed = true;
            return true;
        }
    }

    /// <summary>Whether the pump walks through it: one that has left meanwhile may yet be given a message.</summary>
    public bool IsWalked => _walked is not null;

    /// <summary>Gives the batch to all subscribers here; in an overlap only to those that have not got it yet.</summary>
    /// <remarks>Only the pump does so.</remarks>
    /// <returns>How many they were.</returns>
    public int Give(DeliveryBatch batch, long batchNumber, bool overlaps)
    {
        ReadOnlySpan<Subscription> seats;
        using (Gate.Enter())
        {
            _walked = _seats;
            seats = _seats.AsSpan(0, _count);
        }

        var given = 0;
        try
        {
            foreach (var subscription in seats)
            {
                if (overlaps)
                {
                    if (subscription.Owner.LastBatch == batchNumber) continue;
                    subscription.Owner.LastBatch = batchNumber;
                }

                subscription.Give(batch);
                given++;
            }
        }
        finally
        {
            _walked = null;
        }

        return given;
    }

    /// <summary>Whether this one has a seat here.</summary>
    public bool Has(Subscriber owner)
    {
        using (Gate.Enter())
        {
            if (_owners is not null) return _owners.ContainsKey(owner);

            foreach (var subscription in _seats.AsSpan(0, _count))
            {
                if (subscription.Owner == owner) return true;
            }

            return false;
        }
    }

    /// <summary>Adds the seats here whose owners are not among those yet, and their owners.</summary>
    /// <returns>How many were looked at.</returns>
    public int AddSeatsOfOthers(HashSet<Subscriber> owners, List<Subscription> seats)
    {
        Subscription[] many;
        using (Gate.Enter())
        {
            var here = _seats.AsSpan(0, _count);
            if (here.Length <= MostUnderGate)
            {
                AddOthers(here, owners, seats);
                return here.Length;
            }

            // To copy them is quick, and nobody waits while they are looked at.
            many = here.ToArray();
        }

        AddOthers(many, owners, seats);
        return many.Length;
    }

    public IReadOnlyList<string> Peers()
    {
        using (Gate.Enter())
        {
            var peers = new string[_count];
            for (var i = 0; i < peers.Length; i++) peers[i] = _seats[i].Owner.Peer;
            return peers;
        }
    }

    private static void AddOthers(ReadOnlySpan<Subscription> here, HashSet<Subscriber> owners, List<Subscription> seats)
    {
        foreach (var subscription in here)
        {
            if (owners.Add(subscription.Owner)) seats.Add(subscription);
        }
    }

    // Under the gate.
    private void NoteOwner(Subscriber owner, int change)
    {
        if (_owners is null)
        {
            if (_count <= IndexFrom) return;

            _owners = [];
            foreach (var subscription in _seats.AsSpan(0, _count)) NoteOwner(subscription.Owner, 1);
            return;
        }

        ref var seats = ref CollectionsMarshal.GetValueRefOrAddDefault(_owners, owner, out _);
        seats += change;
        if (seats == 0) _owners.Remove(owner);
        if (_count <= IndexFrom / 2) _owners = null;
    }
}
