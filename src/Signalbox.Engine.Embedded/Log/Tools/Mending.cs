using Signalbox.Core.Channels;
using Signalbox.Core.Queues;
using Signalbox.Engine.Embedded.Log.Format;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>Makes machines of a log that has holes: what does not fit any more is left out and counted.</summary>
/// <param name="checkpoint">From where on entries count, and up to which the telling of machines goes.</param>
internal sealed class Mending(EmbeddedEngine engine, Checkpoint checkpoint)
{
    private readonly Dictionary<(MachineKind Kind, string Name), long> _leftOut = [];

    // News of machines that were not told yet: they are in what is told, unless that is lost.
    private readonly Dictionary<(MachineKind Kind, string Name), long> _early = [];

    public long Applied { get; private set; }

    /// <summary>Whether anything was told that cannot have been: no server starts on that.</summary>
    public bool HasContradictions { get; private set; }

    public IReadOnlyList<LeftOut> LeftOut()
    {
        var all = _leftOut.Concat(_early).GroupBy(one => one.Key, one => one.Value);
        var counted = all.Select(one => new LeftOut(one.Key.Kind, one.Key.Name, one.Sum()));
        return [.. counted.OrderByDescending(one => one.Count)];
    }

    public void Take(long position, in LogEntry entry)
    {
        var isTold = entry.Mark.HasFlag(EntryMark.Told);
        var isBeingTold = position <= checkpoint.To;
        if (position < checkpoint.From || (isTold && !isBeingTold)) return;

        if (entry.Mark.HasFlag(EntryMark.Begins))
        {
            _early.Remove((entry.Kind, entry.Name));
        }
        else if (isBeingTold && !IsKnown(entry))
        {
            // Told without a beginning: that is lost.
            Count(isTold ? _leftOut : _early, entry);
            return;
        }

        // It names a message by the number that it had. Old messages go by their age when the server is back.
        if (entry.Fact is HistoryExpired) return;

        try
        {
            if (Collides(entry)) throw new RestoreException(entry.Kind, entry.Name, "it has the item already.");

            engine.Restore(Fitted(entry), isBeingTold);
            Applied++;
        }
        catch (RestoreException)
        {
            HasContradictions = true;
            Count(_leftOut, entry);
        }
    }

    private bool IsKnown(in LogEntry entry)
    {
        var shard = engine.ShardOf(entry.Name);
        return entry.Kind switch
        {
            MachineKind.Channel => shard.Channels.Find(entry.Name) is not null,
            MachineKind.HashKey => shard.Keys.Find(entry.Name) is not null,
            MachineKind.Queue => shard.Queues.Find(entry.Name) is not null,
            MachineKind.MqttSession => shard.MqttSessions.Find(entry.Name) is not null,
            _ => shard.Users.Find(entry.Name) is not null,
        };
    }

    // A history has no holes: what comes after one moves up. Nobody knows the old numbers in the epoch that follows.
    private LogEntry Fitted(in LogEntry entry)
    {
        if (entry.Fact is not MessagePublished published) return entry;
        if (engine.ShardOf(entry.Name).Channels.Find(entry.Name) is not { } channel) return entry;

        var message = published.Message with { Offset = channel.Machine.LastOffset + 1 };
        return entry with { Fact = published with { Message = message } };
    }

    private bool Collides(in LogEntry entry)
    {
        if (entry.Kind is not MachineKind.Queue || entry.Mark.HasFlag(EntryMark.Begins)) return false;
        if (engine.ShardOf(entry.Name).Queues.Find(entry.Name) is not { } queue) return false;

        return entry.Fact switch
        {
            ItemAdded added => added.Id <= queue.Machine.LastId || queue.Machine.Knows(added.Id),
            ItemKept kept => queue.Machine.Knows(kept.Item.Id),
            _ => false,
        };
    }

    private static void Count(Dictionary<(MachineKind Kind, string Name), long> counts, in LogEntry entry)
    {
        var key = (entry.Kind, entry.Name);
        counts[key] = counts.GetValueOrDefault(key) + 1;
    }
}
