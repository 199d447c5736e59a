using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;

namespace Signalbox.Simulation.Expected;

/// <summary>A queue as the promises describe it: a list of items, and a line of those who wait.</summary>
/// <remarks>Every operation works on a copy: where the engine has no space for it, the copy is dropped.</remarks>
internal sealed class ExpectedQueue
{
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(30);

    private readonly List<ExpectedItem> _items = [];
    private readonly List<ExpectedWaiter> _waiters = [];
    private readonly Dictionary<string, (string Payload, DateTimeOffset Until)> _ids = [];
    private long _pushed;

    /// <summary>Who was answered in the step that led here, and what.</summary>
    public List<(ExpectedWaiter Waiter, ExpectedPop Answer)> Served { get; } = [];

    /// <summary>Whether that step changed any item.</summary>
    public bool HasChanged { get; private set; }

    public ExpectedQueue Copy()
    {
        var copy = new ExpectedQueue { _pushed = _pushed };
        copy._items.AddRange(_items);
        copy._waiters.AddRange(_waiters);
        foreach (var (id, first) in _ids) copy._ids.Add(id, first);
        return copy;
    }

    /// <summary>The queue as another process finds it: whoever waited is gone.</summary>
    public ExpectedQueue AfterCrash(DateTimeOffset now)
    {
        var copy = Copy();
        copy._waiters.Clear();
        copy.PassTo(now);
        return copy;
    }

    /// <summary>Whether anything happens up to this moment.</summary>
    public bool IsDue(DateTimeOffset now) => NextDue <= now;

    public void PassTo(DateTimeOffset now)
    {
        while (NextDue <= now)
        {
            var moment = NextDue;
            while (_items.FirstOrDefault(item => item.DueAt <= moment) is { } due) WakeUp(due, moment);
            foreach (var late in _waiters.Where(waiter => waiter.Until <= moment).ToArray()) Answer(late, null, moment);
            Serve(moment);
        }
    }

    public string Push(
        string payload, int priority, TimeSpan delay, TimeSpan? ttl, string? id, DateTimeOffset now)
    {
        if (id is not null && _ids.TryGetValue(id, out var first) && first.Until > now) return first.Payload;

        if (id is not null) _ids[id] = (payload, now + Settings.Window);
        HasChanged = true;
        _items.Add(new ExpectedItem(payload, priority, ++_pushed)
        {
            State = delay > TimeSpan.Zero ? ItemState.Delayed : ItemState.Ready,
            WakeAt = delay > TimeSpan.Zero ? now + delay : DateTimeOffset.MaxValue,
            ExpiresAt = ttl is { } time ? now + time : DateTimeOffset.MaxValue,
        });
        PassTo(now);
        Serve(now);
        return payload;
    }

    /// <returns>The answer; null where the popper has to wait.</returns>
    public ExpectedPop? Pop(ExpectedWaiter popper, bool waits, DateTimeOffset now)
    {
        if (Best(popper.Part) is { } best) return Take(best, popper.Lease, now);
        if (!waits) return new ExpectedPop(null, default);

        _waiters.Add(popper);
        return null;
    }

    public bool Leave(ExpectedWaiter waiter) => _waiters.Remove(waiter);

    public Refusal Acknowledge(string payload, int lease)
    {
        var refusal = FindHeld(payload, lease, out var item);
        if (item is not null) Remove(item);
        return refusal;
    }

    public Refusal Return(string payload, int lease, TimeSpan delay, bool countAttempt, DateTimeOffset now)
    {
        var refusal = FindHeld(payload, lease, out var item);
        if (item is null) return refusal;

        ComeBack(item, delay > TimeSpan.Zero ? now + delay : null, countAttempt, now);
        Serve(now);
        return refusal;
    }

    public Refusal Extend(string payload, int lease, TimeSpan time, DateTimeOffset now)
    {
        var refusal = FindHeld(payload, lease, out var item);
        if (item is not null) Put(item with { WakeAt = now + time });
        return refusal;
    }

    public int Clear(QueuePart part)
    {
        var count = _items.RemoveAll(item => item.Part == part);
        HasChanged |= count > 0;
        return count;
    }

    public IEnumerable<ExpectedItem> Peek(QueuePart part) =>
        from item in _items
        where item.Part == part && item.State is ItemState.Ready
        orderby item.Priority descending, item.Order
        select item;

    public QueueCounts Counts()
    {
        return new(Of(ItemState.Ready), Of(ItemState.Delayed), Of(ItemState.Leased), _items.Count(IsDead));

        int Of(ItemState state) => _items.Count(item => !IsDead(item) && item.State == state);
        static bool IsDead(ExpectedItem item) => item.Part is QueuePart.Dead;
    }

    // The end of all time where nothing is due.
    private DateTimeOffset NextDue => _items.Select(item => item.DueAt)
        .Concat(_waiters.Select(waiter => waiter.Until))
        .DefaultIfEmpty(DateTimeOffset.MaxValue)
        .Min();

    private ExpectedItem? Best(QueuePart part) => Peek(part).FirstOrDefault();

    private ExpectedPop Take(ExpectedItem item, TimeSpan? lease, DateTimeOffset now)
    {
        var counts = lease is not null && item.Part is QueuePart.Live;
        var taken = item with
        {
            State = ItemState.Leased,
            Lease = item.Lease + 1,
            Attempts = item.Attempts + (counts ? 1 : 0),
            CountsAttempt = counts,
            WakeAt = now + (lease ?? HandOver),
        };
        Put(taken);
        return new ExpectedPop(taken, taken.WakeAt);
    }

    private void Serve(DateTimeOffset now)
    {
        foreach (var part in (QueuePart[])[QueuePart.Live, QueuePart.Dead])
        {
            while (Best(part) is { } best && _waiters.Find(waiter => waiter.Part == part) is { } waiter)
            {
                Answer(waiter, best, now);
            }
        }
    }

    private void Answer(ExpectedWaiter waiter, ExpectedItem? item, DateTimeOffset now)
    {
        _waiters.Remove(waiter);
        Served.Add((waiter, item is null ? new ExpectedPop(null, default) : Take(item, waiter.Lease, now)));
    }

    private void WakeUp(ExpectedItem item, DateTimeOffset now)
    {
        if (item.State is ItemState.Ready) Remove(item);
        else ComeBack(item, null, countAttempt: true, now);
    }

    private void ComeBack(ExpectedItem item, DateTimeOffset? visibleAt, bool countAttempt, DateTimeOffset now)
    {
        var wasHeld = item.State is ItemState.Leased;
        var isLive = item.Part is QueuePart.Live;
        if (wasHeld && countAttempt && isLive && item.Attempts >= Settings.MaxAttempts)
        {
            Put(item with
            {
                Part = QueuePart.Dead,
                State = ItemState.Ready,
                WakeAt = DateTimeOffset.MaxValue,
                ExpiresAt = DateTimeOffset.MaxValue,
            });
        }
        else if (item.ExpiresAt <= now)
        {
            Remove(item);
        }
        else
        {
            var isForgiven = wasHeld && !countAttempt && item.CountsAttempt;
            Put(item with
            {
                State = visibleAt is null ? ItemState.Ready : ItemState.Delayed,
                WakeAt = visibleAt ?? DateTimeOffset.MaxValue,
                Attempts = isForgiven ? item.Attempts - 1 : item.Attempts,
            });
        }
    }

    private Refusal FindHeld(string payload, int lease, out ExpectedItem? held)
    {
        var item = _items.Find(item => item.Payload == payload);
        held = item is { State: ItemState.Leased } && item.Lease == lease ? item : null;
        return item is null ? Refusal.NoSuchItem : held is null ? Refusal.LeaseLost : Refusal.None;
    }

    private void Put(ExpectedItem item)
    {
        HasChanged = true;
        _items[_items.FindIndex(other => other.Order == item.Order)] = item;
    }

    private void Remove(ExpectedItem item)
    {
        HasChanged = true;
        _items.Remove(item);
    }
}
