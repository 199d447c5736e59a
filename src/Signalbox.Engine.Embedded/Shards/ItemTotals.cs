using Signalbox.Core.Queues;

namespace Signalbox.Engine.Embedded.Shards;

/// <summary>How many items are where, in all queues of a shard.</summary>
/// <remarks>Guarded by the shard's gate.</remarks>
internal sealed class ItemTotals
{
    public long Ready { get; private set; }

    public long Delayed { get; private set; }

    public long Leased { get; private set; }

    public long Dead { get; private set; }

    /// <summary>One queue counts so, and not as it was counted before.</summary>
    public void Count(ref QueueCounts counted, in QueueCounts counts)
    {
        Ready += counts.Ready - counted.Ready;
        Delayed += counts.Delayed - counted.Delayed;
        Leased += counts.Leased - counted.Leased;
        Dead += counts.Dead - counted.Dead;
        counted = counts;
    }

    public void Add(ItemTotals other)
    {
        Ready += other.Ready;
        Delayed += other.Delayed;
        Leased += other.Leased;
        Dead += other.Dead;
    }
}
