using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;

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

    private readonly Lock _gate = new();
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
        lock (_gate)
        {
            var sequence = SequenceOf(channel);
            if (sequence.Epoch.Length == 0) sequence.Begin(position);
        }
    }

    /// <summary>The channel may have gone on while the node was not listening.</summary>
    public void CatchUp(string channel, ChannelPosition position)
    {
        lock (_gate)
        {
            var sequence = SequenceOf(channel);
            if (sequence.Epoch.Length == 0)
            {
                sequence.Begin(position);
                return;
            }

            // Of another numbering nothing was seen.
            if (sequence.Epoch != position.Epoch) sequence.Begin(position with { Offset = 0 });
            if (position.Offset > sequence.Last) Repair(channel, sequence, position.Offset);
        }
    }

    public void Forget(string channel)
    {
        lock (_gate) _channels.Remove(channel);
    }

    private void Take(MessageDelivery delivery)
    {
        lock (_gate)
        {
            var sequence = SequenceOf(delivery.Channel);
            if (sequence.Repairing)
            {
                sequence.Held.Add(delivery);
                return;
            }

            Pass(delivery, sequence);
        }
    }

    // Under the gate.
    private void Pass(MessageDelivery delivery, Sequence sequence)
    {
        var offset = delivery.Message.Offset;
        if (delivery.Epoch != sequence.Epoch)
        {
            // What this node did not ask for, as by a filter, begins where it begins.
            sequence.Begin(new ChannelPosition(delivery.Epoch, offset - 1));
        }

        if (offset <= sequence.Seen) return;

        // The versions of keys and users have no neighbours.
        if (offset > sequence.Last + 1 && !Name.IsSystem(delivery.Channel))
        {
            sequence.Held.Add(delivery);
            Repair(delivery.Channel, sequence, offset - 1);
            return;
        }

        sequence.Seen = offset;
        node.Post(delivery);
    }

    // Under the gate.
    private void Repair(string channel, Sequence sequence, long upTo)
    {
        if (sequence.Repairing) return;

        sequence.Repairing = true;
        _ = RepairAsync(channel, sequence, sequence.Epoch, sequence.Last, upTo);
    }

    private async Task RepairAsync(string channel, Sequence sequence, string epoch, long since, long upTo)
    {
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

        lock (_gate)
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
                else Pass(delivery, sequence);
            }
        }
    }

    private Sequence SequenceOf(string channel)
    {
        if (_channels.TryGetValue(channel, out var known)) return known;

        if (_channels.Count >= MaxChannels) _channels.Clear();
        return _channels[channel] = new Sequence();
    }

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
