using Signalbox.Core.Channels;
using Signalbox.Engine.Nodes;

namespace Signalbox.Gateways.Outbound;

/// <summary>
/// What waits to be written to one connection, in order and bounded in bytes; and what is given up, by the channel's
/// policy, when it is full.
/// </summary>
/// <remarks>Deliveries share their bytes with other connections, but each is counted in full: the bound is what this
/// reader is behind, whoever holds the memory. Not thread-safe.</remarks>
internal sealed class Backlog(int maxBytes, Func<Gap, ReadOnlyMemory<byte>> encodeGap)
{
    private const int KeptCapacity = 16;

    private OutboundEntry[] _entries = [];
    private int _head;
    private long _missed;

    public int Count { get; private set; }

    public int Bytes { get; private set; }

    public void AddReply(OutboundEntry entry) => Append(entry);

    /// <returns>False where the deliveries do not fit and the policy is to disconnect.</returns>
    public bool TryAddDeliveries(DeliveryBatch batch, EncodedBatch encoded, int first)
    {
        var entry = OutboundEntry.OfBatch(batch, encoded, first);
        if (Bytes + entry.Bytes.Length <= maxBytes)
        {
            Append(entry);
            return true;
        }

        switch (batch.Options.SlowReader)
        {
            case SlowReaderPolicy.DropOldest:
                // A good piece at once: room for the news of it, and not the whole backlog moved for each message.
                DropOldest(Bytes + entry.Bytes.Length - maxBytes + (maxBytes / 4));
                entry = Shorten(entry, batch, encoded);
                break;

            case SlowReaderPolicy.Latest:
                DropChannel(batch.Channel);
                if (first < batch.Count - 1) AddGap(GapOf(batch, first, batch.Count - 1));
                entry = OutboundEntry.OfBatch(batch, encoded, batch.Count - 1);
                break;
        }

        if (Bytes + entry.Bytes.Length > maxBytes) return false;
        Append(entry);
        return true;
    }

    /// <summary>How many messages were given up since it was last asked.</summary>
    public long TakeMissed()
    {
        var missed = _missed;
        if (missed > 0) _missed = 0;
        return missed;
    }

    public OutboundEntry Take()
    {
        var entry = _entries[_head];
        _entries[_head] = default;
        _head = (_head + 1) % _entries.Length;
        Count--;
        Bytes -= entry.Bytes.Length;
        if (Count == 0 && _entries.Length > KeptCapacity) _entries = [];
        if (Count == 0) _head = 0;
        return entry;
    }

    /// <summary>Gives up everything that waits.</summary>
    public void Clear()
    {
        while (Count > 0) Take().HandOver?.Lost();
    }

    private void Append(OutboundEntry entry)
    {
        if (Count == _entries.Length)
        {
            var grown = new OutboundEntry[Math.Max(4, Count * 2)];
            for (var i = 0; i < Count; i++) grown[i] = _entries[(_head + i) % _entries.Length];
            _entries = grown;
            _head = 0;
        }

        _entries[(_head + Count) % _entries.Length] = entry;
        Count++;
        Bytes += entry.Bytes.Length;
    }

    private void DropOldest(int excess) =>
        Rebuild(entry =>
        {
            if (excess <= 0) return false;
            excess -= entry.Bytes.Length;
            return true;
        });

    // A batch that is too long by itself loses its own oldest, when nothing else is left to drop.
    private OutboundEntry Shorten(OutboundEntry entry, DeliveryBatch batch, EncodedBatch encoded)
    {
        if (Bytes + entry.Bytes.Length <= maxBytes) return entry;

        var first = entry.First;
        while (first < batch.Count - 1 && Bytes + encoded.Slice(first, encoded.Count).Length > maxBytes / 4 * 3) first++;
        if (first > entry.First) AddGap(GapOf(batch, entry.First, first));
        return OutboundEntry.OfBatch(batch, encoded, first);
    }

    private void DropChannel(string? channel) => Rebuild(entry => entry.Batch!.Channel == channel);

    /// <summary>Drops the deliveries of which this is true, oldest first, and leaves word of them in their place.</summary>
    private void Rebuild(Func<OutboundEntry, bool> isDropped)
    {
        var entries = new OutboundEntry[Count];
        for (var i = 0; i < entries.Length; i++) entries[i] = _entries[(_head + i) % _entries.Length];
        _entries = [];
        _head = Count = Bytes = 0;
        foreach (var entry in entries)
        {
            if (entry.Gap is { } gap) Join(gap);
            else if (entry.Batch is not { } batch || !isDropped(entry)) Append(entry);
            else AddGap(GapOf(batch, entry.First, batch.Count));
        }
    }

    private void AddGap(Gap? gap)
    {
        if (gap is null) return;

        _missed += gap.To - gap.From + 1;
        Join(gap);
    }

    // One gap a channel, where the first was: however long a reader sleeps, the news of it stay short.
    private void Join(Gap gap)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var entry = ref _entries[(_head + i) % _entries.Length];
            if (entry.Gap is not { } known || known.Channel != gap.Channel) continue;

            Bytes -= entry.Bytes.Length;
            var joined = known with { From = Math.Min(known.From, gap.From), To = Math.Max(known.To, gap.To) };
            entry = OutboundEntry.OfGap(joined, encodeGap(joined));
            Bytes += entry.Bytes.Length;
            return;
        }

        Append(OutboundEntry.OfGap(gap, encodeGap(gap)));
    }

    private static Gap? GapOf(DeliveryBatch batch, int from, int to)
    {
        long first = 0;
        long last = 0;
        for (var i = from; i < to; i++)
        {
            if (batch.OffsetAt(i) is not (> 0 and var offset)) continue;
            if (first == 0) first = offset;
            last = offset;
        }

        // Broadcasts and joins have no number: there is nothing to name.
        return first == 0 || batch.Channel is null ? null : new Gap(batch.Channel, first, last);
    }
}
