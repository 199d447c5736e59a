using Signalbox.Core.Payloads;

namespace Signalbox.Core.Queues;

/// <summary>
/// Everything that can happen to a queue. Facts are what the log keeps: they are replayed as they are, so a later
/// version of the code may decide otherwise, but it must not read an old fact otherwise.
/// </summary>
public abstract record QueueFact;

/// <summary>
/// A new item. It can be taken from <paramref name="VisibleAt"/> on, and is gone at <paramref name="ExpiresAt"/>.
/// </summary>
/// <param name="VisibleAt">Not after <paramref name="AddedAt"/> where there is no delay.</param>
/// <param name="DedupeId">A repeat with it before <paramref name="RememberUntil"/> adds nothing; null for none.</param>
public sealed record ItemAdded(
    long Id,
    int Priority,
    DateTimeOffset AddedAt,
    DateTimeOffset VisibleAt,
    DateTimeOffset? ExpiresAt,
    Payload Payload,
    Headers Headers,
    string? DedupeId,
    DateTimeOffset RememberUntil) : QueueFact;

/// <summary>Somebody holds the item until <paramref name="Until"/>. A hand-over does not count as an attempt.</summary>
/// <param name="Lease">Grows with every taking of the item: it fences off a worker that lost its lease.</param>
public sealed record ItemTaken(long Id, int Lease, int Attempts, DateTimeOffset Until) : QueueFact;

/// <summary>The holder asked for more time.</summary>
public sealed record LeaseExtended(long Id, DateTimeOffset Until) : QueueFact;

/// <summary>A delay is over, or a lease ended without an acknowledgement, or the holder gave the item back.</summary>
/// <param name="Attempts">How many attempts count now: one less where the holder says that it never tried.</param>
/// <param name="VisibleAt">Null for at once; else the end of the delay that the holder asked for.</param>
public sealed record ItemReturned(long Id, int Attempts, DateTimeOffset? VisibleAt) : QueueFact;

/// <summary>The item was tried too often: it is kept among the dead letters until somebody looks.</summary>
public sealed record ItemBuried(long Id) : QueueFact;

/// <summary>The item is done, or has expired.</summary>
public sealed record ItemRemoved(long Id, RemovalReason Reason) : QueueFact;

/// <summary>All items of one part are gone, those that somebody holds too.</summary>
public sealed record QueueCleared(QueuePart Part) : QueueFact;

/// <summary>The dedupe ids whose window was over at this moment are forgotten.</summary>
public sealed record DedupeIdsForgotten(DateTimeOffset Now) : QueueFact;

/// <summary>The first fact of a snapshot: ids go on from here, also where no item is left that has them.</summary>
public sealed record QueueRestored(long LastId) : QueueFact;

/// <summary>An item as it stood when a snapshot was taken.</summary>
/// <param name="WakeAt">When its delay or its lease is over; null where it is ready.</param>
/// <param name="Lease">The number of its last taking, 0 where there was none.</param>
/// <param name="CountsAttempt">Whether that taking is among <see cref="QueueItem.Attempts"/>: no hand-over is.</param>
public sealed record ItemKept(
    QueueItem Item,
    QueuePart Part,
    ItemState State,
    DateTimeOffset? WakeAt,
    int Lease,
    bool CountsAttempt) : QueueFact;

/// <summary>A dedupe id as it was remembered when a snapshot was taken.</summary>
public sealed record DedupeIdKept(string DedupeId, long Item, DateTimeOffset Until) : QueueFact;
