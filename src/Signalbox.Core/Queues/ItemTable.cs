namespace Signalbox.Core.Queues;

/// <summary>The items of a queue and where each stands: the best of a part, what is due next, the counts.</summary>
/// <remarks>
/// An item's place among its equals is its priority and id, which never change. So one that comes back from a
/// lease stands where it stood, and its hint is as true as it was before.
/// </remarks>
internal sealed class ItemTable
{
    private const int SmallCapacity = 1024;

    private static readonly int States = Enum.GetValues<ItemState>().Length;

    private readonly Dictionary<long, StoredItem> _items = [];
    private readonly HintHeap _live;
    private readonly HintHeap _dead;
    private readonly HintHeap _due;
    private readonly int[] _counts = new int[2 * States];
    private int _dated;

    public ItemTable()
    {
        _live = new(hint => IsReady(hint.Id, QueuePart.Live));
        _dead = new(hint => IsReady(hint.Id, QueuePart.Dead));
        _due = new(hint => _items.TryGetValue(hint.Id, out var item) && item.DueAt == hint.Rank);
    }

    public int Count => _items.Count;

    public IEnumerable<StoredItem> All => _items.Values;

    public long[] Ids() => [.. _items.Keys];

    public StoredItem this[long id] => _items[id];

    public StoredItem? Find(long id) => _items.GetValueOrDefault(id);

    public int CountOf(QueuePart part, ItemState state) => _counts[(int)part * States + (int)state];

    public int CountOf(QueuePart part) =>
        CountOf(part, ItemState.Ready) + CountOf(part, ItemState.Delayed) + CountOf(part, ItemState.Leased);

    public StoredItem? Best(QueuePart part) => ReadyOf(part).TryPeek(out var first) ? _items[first.Id] : null;

    public IEnumerable<StoredItem> BestFirst(QueuePart part) => ReadyOf(part).InOrder().Select(hint => _items[hint.Id]);

    /// <summary>The item to which time does something next; null where time changes none.</summary>
    public StoredItem? NextDue => _due.TryPeek(out var first) ? _items[first.Id] : null;

    public void Add(StoredItem item)
    {
        _items.Add(item.Id, item);
        Enter(item);
    }

    public void Move(StoredItem item, ItemState state, long wakeAt)
    {
        Tally(item, -1);
        item.State = state;
        item.WakeAt = wakeAt;
        Enter(item);
        Doubt(item);
    }

    /// <summary>From now on it is a dead letter that anybody may take, and no time is set to it.</summary>
    public void Bury(StoredItem item)
    {
        Tally(item, -1);
        item.Part = QueuePart.Dead;
        item.State = ItemState.Ready;
        item.WakeAt = item.ExpiresAt = StoredItem.Never;
        Enter(item);
        Doubt(item);
    }

    public void Remove(StoredItem item)
    {
        _items.Remove(item.Id);
        Tally(item, -1);
        Doubt(item);
        Shrink();
    }

    public void Clear(QueuePart part)
    {
        foreach (var item in _items.Values)
        {
            if (item.Part != part) continue;

            // A dictionary allows removal, and only that, while it is walked through.
            _items.Remove(item.Id);
            Tally(item, -1);
        }

        ReadyOf(part).Sweep();
        _due.Sweep();
        Shrink();
    }

    private HintHeap ReadyOf(QueuePart part) => part is QueuePart.Live ? _live : _dead;

    private bool IsReady(long id, QueuePart part) =>
        _items.TryGetValue(id, out var item) && item.State is ItemState.Ready && item.Part == part;

    private void Enter(StoredItem item)
    {
        Tally(item, +1);
        if (item.State is ItemState.Ready) ReadyOf(item.Part).Push(new Hint(-(long)item.Priority, item.Id));
        if (item.DueAt != StoredItem.Never) _due.Push(new Hint(item.DueAt, item.Id));
    }

    private void Tally(StoredItem item, int change)
    {
        _counts[(int)item.Part * States + (int)item.State] += change;
        if (item.DueAt != StoredItem.Never) _dated += change;
    }

    private void Doubt(StoredItem item)
    {
        _live.Doubt(item.Id, CountOf(QueuePart.Live, ItemState.Ready));
        _dead.Doubt(item.Id, CountOf(QueuePart.Dead, ItemState.Ready));
        _due.Doubt(item.Id, _dated);
    }

    // A queue that was long once must not hold the room for ever.
    private void Shrink()
    {
        if (_items.Capacity <= SmallCapacity || _items.Count >= _items.Capacity / 8) return;

        _items.TrimExcess(Math.Max(SmallCapacity, 2 * _items.Count));
    }
}
