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
    private Subscription[] _seats = [];

    // What the pump walks through at this moment: it is not changed, a copy is.
    private volatile Subscription[]? _walked;
    private int _count;
    private int _isClaimed;

    public string Name { get; } = name;

    /// <summary>The ticket under which the node attached to the engine for this audience.</summary>
    public long Ticket { get; } = ticket;

    public Gate Gate { get; } = new(GateRank.Audience);

    public int Count => Volatile.Read(ref _count);

    /// <summary>Set when the last has left: the audience takes nobody any more, a new one takes its place.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Done when the engine knows that this node listens.</summary>
    public TaskCompletionSource Attached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <returns>True for the one who is to attach for all.</returns>
    public bool TryClaimAttachment() => Interlocked.Exchange(ref _isClaimed, 1) == 0;

    /// <returns>False where the audience has closed meanwhile.</returns>
    public bool TryEnter(Subscription subscription)
    {
        using (Gate.Enter())
        {
            if (IsClosed) return false;

            if (_count == _seats.Length) Array.Resize(ref _seats, Math.Max(4, _count * 2));
            subscription.Seat = _count;
            _seats[_count] = subscription;
            Volatile.Write(ref _count, _count + 1);
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

    public bool Has(Subscriber owner)
    {
        using (Gate.Enter())
        {
            foreach (var subscription in _seats.AsSpan(0, _count))
            {
                if (subscription.Owner == owner) return true;
            }

            return false;
        }
    }

    public void AddOwnersTo(HashSet<Subscriber> owners)
    {
        using (Gate.Enter())
        {
            foreach (var subscription in _seats.AsSpan(0, _count)) owners.Add(subscription.Owner);
        }
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
}
