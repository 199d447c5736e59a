using Signalbox.Core.Payloads;

namespace Signalbox.Core.Queues;

/// <summary>An item in memory. A queue may hold millions, so moments are kept as ticks: half the size.</summary>
/// <remarks>
/// Part, state and the two moments decide where the item stands, so only <see cref="ItemTable"/> sets them.
/// </remarks>
internal sealed class StoredItem(long id, int priority, long addedAt, Payload payload, Headers headers)
{
    /// <summary>Later than any moment: no expiry, nothing to wait for.</summary>
    public const long Never = long.MaxValue;

    public long Id { get; } = id;

    public int Priority { get; } = priority;

    public Payload Payload { get; } = payload;

    public int Attempts { get; set; }

    public int Lease { get; set; }

    /// <summary>Whether the last taking is one of <see cref="Attempts"/>.</summary>
    public bool CountsAttempt { get; set; }

    public QueuePart Part { get; set; }

    public ItemState State { get; set; }

    /// <summary>When the delay or the lease is over.</summary>
    public long WakeAt { get; set; } = Never;

    public long ExpiresAt { get; set; } = Never;

    /// <summary>When time next does something to it. What is held does not expire under its holder's hands.</summary>
    public long DueAt => State switch
    {
        ItemState.Ready => ExpiresAt,
        ItemState.Delayed => Math.Min(WakeAt, ExpiresAt),
        _ => WakeAt,
    };

    public QueueItem ToQueueItem() => new(
        Id, Priority, Attempts, TimeOf(addedAt)!.Value, TimeOf(ExpiresAt), Payload, headers);

    public ItemKept ToKept() => new(ToQueueItem(), Part, State, TimeOf(WakeAt), Lease, CountsAttempt);

    public static StoredItem Of(ItemAdded added)
    {
        var isDelayed = added.VisibleAt > added.AddedAt;
        return new(added.Id, added.Priority, added.AddedAt.UtcTicks, added.Payload, added.Headers)
        {
            State = isDelayed ? ItemState.Delayed : ItemState.Ready,
            WakeAt = isDelayed ? added.VisibleAt.UtcTicks : Never,
            ExpiresAt = TicksOf(added.ExpiresAt),
        };
    }

    public static StoredItem Of(ItemKept kept) =>
        new(kept.Item.Id, kept.Item.Priority, kept.Item.AddedAt.UtcTicks, kept.Item.Payload, kept.Item.Headers)
        {
            Attempts = kept.Item.Attempts,
            Lease = kept.Lease,
            CountsAttempt = kept.CountsAttempt,
            Part = kept.Part,
            State = kept.State,
            WakeAt = TicksOf(kept.WakeAt),
            ExpiresAt = TicksOf(kept.Item.ExpiresAt),
        };

    public static long TicksOf(DateTimeOffset? time) => time?.UtcTicks ?? Never;

    public static DateTimeOffset? TimeOf(long ticks) => ticks == Never ? null : new(ticks, TimeSpan.Zero);
}
