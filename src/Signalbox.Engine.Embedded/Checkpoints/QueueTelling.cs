using Signalbox.Core.Queues;
using Signalbox.Core.Storage;
using Signalbox.Engine.Embedded.Queues;
using Signalbox.Engine.Embedded.Shards;

namespace Signalbox.Engine.Embedded.Checkpoints;

/// <summary>Tells one queue: first all but its items, then those that it had then and still has, a portion at a time.</summary>
/// <remarks>
/// An item is told as it stands when its turn comes, and what happens to it from then on follows in the log. What happens
/// before is passed over by the reader, who does not know the item yet. Items added meanwhile are in the log as it is.
/// All but <see cref="Prepare"/> is guarded by the shard's gate.
/// </remarks>
internal sealed class QueueTelling(Shard shard, QueueHost host)
{
    private readonly long[] _items = host.Machine.ItemIds();
    private bool _isPrepared;
    private int _next;

    /// <summary>Whether all is told, or the queue was forgotten.</summary>
    public bool IsDone => _next == _items.Length || !shard.Queues.Has(host);

    private Durability Durability => shard.Engine.Durability.Queue;

    /// <summary>Puts the items in order: the oldest first, which is the order in which a reader takes them quickest.</summary>
    public void Prepare()
    {
        if (_isPrepared) return;

        Array.Sort(_items);
        _isPrepared = true;
    }

    public int Begin() => shard.Queues.Tell(host, host.Machine.SnapshotWithoutItems(), Durability, begins: true);

    /// <returns>How many items were told: fewer than asked for where some are gone.</returns>
    public int Tell(int most)
    {
        var end = Math.Min(_next + most, _items.Length);
        var kept = new List<ItemKept>(end - _next);
        for (; _next < end; _next++)
        {
            if (host.Machine.SnapshotOf(_items[_next]) is { } item) kept.Add(item);
        }

        return shard.Queues.Tell(host, kept, Durability, begins: false);
    }
}
