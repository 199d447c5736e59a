using System.Diagnostics;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Queues;

/// <summary>
/// A priority queue whose taken items come back unless they are acknowledged in time, and which sets aside as dead
/// letters what was tried too often.
/// </summary>
/// <remarks>
/// <code>
///  Add ----------> Ready --- Take ---> Leased --- Acknowledge ---> gone
///   |               ^  ^               | | |
///   |    delay over |  '--- at once ---' | '--- tried too often ---> Ready, in the dead part
///   |               |                    |
///   '----------> Delayed --- later ------'
/// </code>
/// <para>Time to live ends what is ready or delayed in the live part; what is held ends when it comes back.</para>
/// <para>Deciding and doing are apart. The deciders look and answer with a fact, but change nothing. The engine makes
/// the fact durable and hands it to <see cref="Apply"/>, which alone changes the state and never refuses. Before it
/// takes, the engine applies all that <see cref="NextDue"/> says, or it would hand out what has expired.</para>
/// <para>Not thread-safe: an engine gives a queue one writer.</para>
/// </remarks>
public sealed class WorkQueue(QueueLimits limits)
{
    private readonly ItemTable _items = new();
    private readonly DedupeIds _ids = new(limits.DedupeWindow);

    /// <summary>The id of the youngest item there ever was.</summary>
    public long LastId { get; private set; }

    /// <summary>Nothing is remembered but <see cref="LastId"/>, so an engine may forget the machine.</summary>
    /// <remarks>
    /// The successor must not give the same ids again, or a receipt from before would fit a stranger's item:
    /// its first fact is a <see cref="QueueRestored"/> with this <see cref="LastId"/> or any greater one.
    /// </remarks>
    public bool IsEmpty => _items.Count == 0 && _ids.Count == 0;

    public QueueCounts Counts => new(
        _items.CountOf(QueuePart.Live, ItemState.Ready),
        _items.CountOf(QueuePart.Live, ItemState.Delayed),
        _items.CountOf(QueuePart.Live, ItemState.Leased),
        _items.CountOf(QueuePart.Dead));

    /// <summary>The moment at which <see cref="NextDue"/> next has something to say; null for never.</summary>
    public DateTimeOffset? NextWakeUp
    {
        get
        {
            var item = StoredItem.TimeOf(_items.NextDue?.DueAt ?? StoredItem.Never);
            var id = _ids.DueAt;
            return item is null || id < item ? id : item;
        }
    }

    /// <summary>Whether there is something to take.</summary>
    public bool HasReady(QueuePart part) => _items.Best(part) is not null;

    /// <summary>How many items the part has, whatever they do at the moment.</summary>
    public int Count(QueuePart part) => _items.CountOf(part);

    /// <summary>The first items that could be taken from the part, best first.</summary>
    public IReadOnlyList<QueueItem> Peek(QueuePart part, int limit) =>
        [.. _items.BestFirst(part).Take(limit).Select(item => item.ToQueueItem())];

    public QueueItem ItemOf(long id) => _items[id].ToQueueItem();

    /// <summary>Whether the item is in the queue.</summary>
    public bool Knows(long id) => _items.Find(id) is not null;

    /// <param name="ttl">Counted from now, the delay included; null for as long as it takes.</param>
    /// <param name="fact">Null also for a repeat: the first item's <paramref name="id"/> is the answer then.</param>
    public Refusal Add(
        Payload payload,
        Headers headers,
        int priority,
        TimeSpan delay,
        TimeSpan? ttl,
        string? dedupeId,
        DateTimeOffset now,
        out ItemAdded? fact,
        out long id)
    {
        fact = null;
        id = 0;

        // First of all, since a repeat changes nothing: it is welcome in a full queue too.
        if (dedupeId is not null && _ids.Find(dedupeId, now) is { } first)
        {
            id = first.Item;
            return Refusal.None;
        }

        if (payload.Length > limits.MaxPayloadBytes) return Refusal.PayloadTooLong;
        if (!limits.AllowsDelay(delay) || (ttl is { } time && !limits.AllowsDelay(time))) return Refusal.OutOfRange;
        if (_items.Count >= limits.MaxItems) return Refusal.QueueFull;
        if (dedupeId is not null && _ids.Count >= limits.MaxIds) return Refusal.TooManyIds;

        id = LastId + 1;
        var rememberUntil = dedupeId is null ? default : now + limits.DedupeWindow;
        fact = new ItemAdded(id, priority, now, now + delay, now + ttl, payload, headers, dedupeId, rememberUntil);
        return Refusal.None;
    }

    /// <summary>Takes the best ready item of a part, or null where none is ready.</summary>
    /// <param name="lease">Within the limits: nobody is left to be refused when a popper has waited for this.</param>
    /// <param name="handOver">
    /// The item is held only until the reply with it is written. That is no attempt: nobody has begun to work.
    /// </param>
    public ItemTaken? Take(QueuePart part, TimeSpan lease, bool handOver, DateTimeOffset now)
    {
        Debug.Assert(handOver || limits.AllowsLease(lease), "The engine asks the limits before it takes or waits.");
        if (_items.Best(part) is not { } item) return null;

        // To look at a dead letter is no attempt either.
        var attempts = handOver || part is QueuePart.Dead ? item.Attempts : item.Attempts + 1;
        return new ItemTaken(item.Id, item.Lease + 1, attempts, now + lease);
    }

    /// <remarks>
    /// There is no look at the clock: while the item has not been woken nobody else can hold it, so a late
    /// acknowledgement is good news and not an error.
    /// </remarks>
    public Refusal Acknowledge(Receipt receipt, out ItemRemoved? fact)
    {
        var refusal = FindHeld(receipt, out _);
        fact = refusal is Refusal.None ? new ItemRemoved(receipt.Item, RemovalReason.Acknowledged) : null;
        return refusal;
    }

    /// <summary>The holder gives the item back.</summary>
    /// <param name="countAttempt">False where the holder never tried: the taking counts as if it had not been.</param>
    public Refusal Return(
        Receipt receipt, TimeSpan delay, bool countAttempt, DateTimeOffset now, out QueueFact? fact)
    {
        fact = null;
        if (!limits.AllowsDelay(delay)) return Refusal.OutOfRange;

        var refusal = FindHeld(receipt, out var item);
        if (refusal is not Refusal.None) return refusal;

        fact = ComeBack(item!, delay > TimeSpan.Zero ? now + delay : null, countAttempt, now);
        return Refusal.None;
    }

    public Refusal Extend(Receipt receipt, TimeSpan lease, DateTimeOffset now, out LeaseExtended? fact)
    {
        fact = null;
        if (!limits.AllowsLease(lease)) return Refusal.OutOfRange;

        var refusal = FindHeld(receipt, out _);
        if (refusal is Refusal.None) fact = new LeaseExtended(receipt.Item, now + lease);
        return refusal;
    }

    /// <summary>What the passing of time has brought about and nobody has applied yet, one fact a call.</summary>
    /// <returns>The fact, or null when nothing is due at <paramref name="now"/>.</returns>
    public QueueFact? NextDue(DateTimeOffset now)
    {
        if (_items.NextDue is { } item && item.DueAt <= now.UtcTicks)
        {
            return item.State is ItemState.Ready
                ? new ItemRemoved(item.Id, RemovalReason.Expired)
                : ComeBack(item, visibleAt: null, countAttempt: true, now);
        }

        return _ids.DueAt <= now ? new DedupeIdsForgotten(now) : null;
    }

    /// <returns>The fact, or null when the part is empty.</returns>
    public QueueCleared? Clear(QueuePart part) => Count(part) > 0 ? new QueueCleared(part) : null;

    /// <summary>Facts that make this queue of an empty one, to be read before the next <see cref="Apply"/>.</summary>
    public IEnumerable<QueueFact> Snapshot() =>
        SnapshotWithoutItems().Concat(_items.All.Select(QueueFact (item) => item.ToKept()));

    /// <summary>
    /// The beginning of a snapshot of a queue that is too long to be told at once: its items follow with
    /// <see cref="SnapshotOf"/>, those of <see cref="ItemIds"/>, while the queue goes on.
    /// </summary>
    public IEnumerable<QueueFact> SnapshotWithoutItems() => _ids.All.Prepend<QueueFact>(new QueueRestored(LastId));

    /// <summary>The items that are in the queue now, in no order.</summary>
    public long[] ItemIds() => _items.Ids();

    /// <returns>The item as it stands now; null where it is gone.</returns>
    public ItemKept? SnapshotOf(long id) => _items.Find(id)?.ToKept();

    public void Apply(QueueFact fact)
    {
        switch (fact)
        {
            case ItemAdded added:
                Add(added);
                break;

            case ItemTaken taken:
                var held = _items[taken.Id];
                held.CountsAttempt = taken.Attempts > held.Attempts;
                held.Attempts = taken.Attempts;
                held.Lease = taken.Lease;
                _items.Move(held, ItemState.Leased, taken.Until.UtcTicks);
                break;

            case LeaseExtended extended:
                _items.Move(_items[extended.Id], ItemState.Leased, extended.Until.UtcTicks);
                break;

            case ItemReturned returned:
                var back = _items[returned.Id];
                back.Attempts = returned.Attempts;
                _items.Move(
                    back,
                    returned.VisibleAt is null ? ItemState.Ready : ItemState.Delayed,
                    StoredItem.TicksOf(returned.VisibleAt));
                break;

            case ItemBuried buried:
                _items.Bury(_items[buried.Id]);
                break;

            case ItemRemoved removed:
                _items.Remove(_items[removed.Id]);
                break;

            case QueueCleared cleared:
                _items.Clear(cleared.Part);
                break;

            case DedupeIdsForgotten forgotten:
                _ids.Forget(forgotten.Now);
                break;

            case QueueRestored restored:
                LastId = restored.LastId;
                break;

            case ItemKept kept:
                _items.Add(StoredItem.Of(kept));
                break;

            case DedupeIdKept kept:
                _ids.Remember(kept);
                break;

            default:
                throw new UnreachableException($"A queue cannot apply {fact.GetType().Name}.");
        }
    }

    private void Add(ItemAdded added)
    {
        Debug.Assert(added.Id > LastId, "Ids only grow.");
        LastId = added.Id;
        _items.Add(StoredItem.Of(added));
        if (added.DedupeId is { } id) _ids.Remember(new DedupeIdKept(id, added.Id, added.RememberUntil));
    }

    private Refusal FindHeld(Receipt receipt, out StoredItem? item)
    {
        item = _items.Find(receipt.Item);
        if (item is null) return Refusal.NoSuchItem;

        return item.State is ItemState.Leased && item.Lease == receipt.Lease ? Refusal.None : Refusal.LeaseLost;
    }

    // A delay or a lease is over. What was tried too often is kept even when it is past its time: somebody should look.
    private QueueFact ComeBack(StoredItem item, DateTimeOffset? visibleAt, bool countAttempt, DateTimeOffset now)
    {
        var isLeased = item.State is ItemState.Leased;
        if (isLeased && countAttempt && item.Part is QueuePart.Live && item.Attempts >= limits.MaxAttempts)
        {
            return new ItemBuried(item.Id);
        }

        if (item.ExpiresAt <= now.UtcTicks) return new ItemRemoved(item.Id, RemovalReason.Expired);

        var forgiven = isLeased && !countAttempt && item.CountsAttempt;
        return new ItemReturned(item.Id, forgiven ? item.Attempts - 1 : item.Attempts, visibleAt);
    }
}
