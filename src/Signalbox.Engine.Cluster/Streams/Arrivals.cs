using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>
/// What comes in for a node, put right before its subscribers see it: what came twice is dropped, and what did not come
/// is read in the channel's history.
/// </summary>
/// <remarks>While a hole is being filled, what comes behind it waits; other channels go on. Safe for many threads.
/// </remarks>
internal sealed class Arrivals(INode node, Func<string, HistoryRequest, Task<HistoryRead>> readHistory)
{
    private const int PageSize = 1000;

    // Channels that only filters brought here are not told of when nobody wants them any more.
    private const int MaxChannels = 200_000;

    private readonly Gate _gate = new(GateRank.Arrivals);
    private readonly Dictionary<string, Sequence> _channels = new(StringComparer.Ordinal);

    public void Take(DeliveryPack pack)
    {
        foreach (var delivery in pack.Deliveries)
        {
            if (delivery is MessageDelivery message) Take(message);
            else node.Post(delivery);
        }
    }

    /// <summary>The node listens to the channel from here on: what comes next follows this.</summary>
    public void ListensFrom(string channel, ChannelPosition position)
    {
        using (_gate.Enter())
        {
            var sequence = SequenceOf(channel);
            if (sequence.Epoch.Length == 0) sequence.Begin(position);
        }
    }

    /// <summary>The channel may have gone on while the node was not listening.</summary>
    public void CatchUp(string channel, ChannelPosition position)
    {
        Hole? hole = null;
        using (_gate.Enter())
        {
            var sequence = SequenceOf(channel);
            if (sequence.Epoch.Length == 0)
            {
                sequence.Begin(position);
                return;
            }

            // Of another numbering nothing was seen.
            if (sequence.Epoch != position.Epoch) sequence.Begin(position with { Offset = 0 });
            if (position.Offset > sequence.Last) hole = Find(channel, sequence, position.Offset);
        }

        Fill(hole);
    }

    public void Forget(string channel)
    {
        using (_gate.Enter()) _channels.Remove(channel);
    }

    private void Take(MessageDelivery delivery)
    {
        Hole? hole;
        using (_gate.Enter())
        {
            var sequence = SequenceOf(delivery.Channel);
            if (sequence.Repairing)
            {
                sequence.Held.Add(delivery);
                return;
            }

            hole = Pass(delivery, sequence);
        }

        Fill(hole);
    }

    // Under the gate.
    private Hole? Pass(MessageDelivery delivery, Sequence sequence)
    {
        var offset = delivery.Message.Offset;
        if (delivery.Epoch != sequence.Epoch)
        {
            // What this node did not ask for, as by a filter, begins where it begins.
            sequence.Begin(new ChannelPosition(delivery.Epoch, offset - 1));
        }

        if (offset <= sequence.Seen) return null;

        // The versions of keys and users have no neighbours.
        if (offset > sequence.Last + 1 && !Name.IsSystem(delivery.Channel))
        {
            sequence.Held.Add(delivery);
            return Find(delivery.Channel, sequence, offset - 1);
        }

        sequence.Seen = offset;
        node.Post(delivery);
        return null;
    }

    // Under the gate.
    private static Hole? Find(string channel, Sequence sequence, long upTo)
    {
        if (sequence.Repairing) return null;

        sequence.Repairing = true;
        return new Hole(channel, sequence, sequence.Epoch, sequence.Last, upTo);
    }

    // Outside of the gate: the history is another grain's.
    private void Fill(Hole? hole)
    {
        if (hole is not null) _ = FillAsync(hole);
    }

    private async Task FillAsync(Hole hole)
    {
        var (channel, sequence, epoch, since, upTo) = hole;
        var missing = new List<Message>();
        try
        {
            while (since < upTo)
            {
                var read = await readHistory(channel, new HistoryRequest(since, PageSize, Reverse: false));
                // What is not there any more is lost for those who are here; they see the offsets jump.
                if (read.Position.Epoch != epoch || read.Messages.Count == 0) break;

                missing.AddRange(read.Messages);
                since = read.Messages[^1].Offset;
                if (read.IsComplete) break;
            }
        }
        // The channel cannot be read now, whatever its storage or the way there suffers from: what is there goes on.
        catch (Exception)
        {
        }

        Hole? next = null;
        using (_gate.Enter())
        {
            sequence.Repairing = false;
            foreach (var message in missing)
            {
                if (message.Offset <= sequence.Seen || sequence.Epoch != epoch) continue;

                sequence.Seen = message.Offset;
                node.Post(new MessageDelivery(channel, epoch, message));
            }

            var held = sequence.Held;
            sequence.Held = [];
            // Where the history did not reach, the first of them is let through over the hole.
            if (held.Count > 0 && held[0].Epoch == sequence.Epoch && held[0].Message.Offset > sequence.Last + 1)
            {
                sequence.Begin(new ChannelPosition(epoch, held[0].Message.Offset - 1));
            }

            foreach (var delivery in held)
            {
                if (sequence.Repairing) sequence.Held.Add(delivery);
                else next = Pass(delivery, sequence);
            }
        }

        Fill(next);
    }

    private Sequence SequenceOf(string channel)
    {
        if (_channels.TryGetValue(channel, out var known)) return known;

        if (_channels.Count >= MaxChannels) _channels.Clear();
        return _channels[channel] = new Sequence();
    }

    /// <summary>What a channel's sequence lacks between two offsets.</summary>
    private sealed record Hole(string Channel, Sequence Sequence, string Epoch, long Since, long UpTo);

    private sealed class Sequence
    {
        private long _floor;

        public string Epoch { get; private set; } = "";

        /// <summary>The last offset that came.</summary>
        public long Seen { get; set; }

        /// <summary>That is not to be waited for. It is not dropped if it comes: a filter may have asked for it.</summary>
        public long Last => Math.Max(Seen, _floor);

        public bool Repairing { get; set; }

        public List<MessageDelivery> Held { get; set; } = [];

        public void Begin(ChannelPosition position)
        {
            if (position.Epoch != Epoch) Seen = 0;
            (Epoch, _floor) = (position.Epoch, position.Offset);
        }
    }
}
