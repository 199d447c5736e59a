using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;

namespace Signalbox.Core.Tests.Queues;

/// <summary>What a queue promises, said as plainly as can be: a list that is searched with LINQ.</summary>
public sealed class QueueModel(QueueLimits limits)
{
    private readonly List<Entry> _items = [];
    private readonly List<(string Text, long Item, DateTimeOffset Until)> _ids = [];
    private long _lastId;

    public bool IsEmpty => _items.Count == 0 && _ids.Count == 0;

    public QueueCounts Counts => new(
        _items.Count(item => !item.IsDead && item.State is ItemState.Ready),
        _items.Count(item => !item.IsDead && item.State is ItemState.Delayed),
        _items.Count(item => !item.IsDead && item.State is ItemState.Leased),
        _items.Count(item => item.IsDead));

    public DateTimeOffset? NextWakeUp =>
        _items.Select(DueAt).Concat(_ids.Select(id => (DateTimeOffset?)id.Until + limits.DedupeWindow / 16)).Min();

    public long[] Ready(QueuePart part) => [.. BestFirst(part).Select(item => item.Id)];

    public (Refusal Refusal, long Id) Add(int priority, TimeSpan delay, TimeSpan? ttl, string? id, DateTimeOffset now)
    {
        var first = _ids.Where(known => known.Text == id && known.Until > now).Select(known => known.Item);
        if (id is not null && first.Any()) return (Refusal.None, first.Single());
        if (_items.Count >= limits.MaxItems) return (Refusal.QueueFull, 0);
        if (id is not null && _ids.Count >= limits.MaxIds) return (Refusal.TooManyIds, 0);

        _items.Add(new Entry
        {
            Id = ++_lastId,
            Priority = priority,
            State = delay > TimeSpan.Zero ? ItemState.Delayed : ItemState.Ready,
            Until = now + delay,
            ExpiresAt = now + ttl,
        });
        if (id is not null) _ids.Add((id, _lastId, now + limits.DedupeWindow));
        return (Refusal.None, _lastId);
    }

    public (Receipt Receipt, int Attempts)? Take(QueuePart part, TimeSpan lease, bool handOver, DateTimeOffset now)
    {
        if (BestFirst(part).FirstOrDefault() is not { } item) return null;

        item.Lease++;
        item.Counts = !handOver && !item.IsDead;
        if (item.Counts) item.Attempts++;
        item.State = ItemState.Leased;
        item.Until = now + lease;
        return (new(item.Id, item.Lease), item.Attempts);
    }

    public Refusal Acknowledge(Receipt receipt) => WhenHeld(receipt, item => _items.Remove(item));

    public Refusal Return(Receipt receipt, TimeSpan delay, bool countAttempt, DateTimeOffset now) =>
        WhenHeld(receipt, item =>
        {
            if (!countAttempt && item.Counts) item.Attempts--;
            ComeBack(item, delay, mayBury: countAttempt, now);
        });

    public Refusal Extend(Receipt receipt, TimeSpan lease, DateTimeOffset now) =>
        WhenHeld(receipt, item => item.Until = now + lease);

    public bool Clear(QueuePart part) => _items.RemoveAll(item => item.IsDead == part is QueuePart.Dead) > 0;

    public void WakeUp(DateTimeOffset now)
    {
        foreach (var item in _items.Where(item => item.State is not ItemState.Ready && item.Until <= now).ToList())
        {
            ComeBack(item, TimeSpan.Zero, mayBury: item.State is ItemState.Leased, now);
        }

        _items.RemoveAll(item => item.State is not ItemState.Leased && !item.IsDead && item.ExpiresAt <= now);
        if (_ids.Exists(id => id.Until + limits.DedupeWindow / 16 <= now)) _ids.RemoveAll(id => id.Until <= now);
    }

    private static DateTimeOffset? DueAt(Entry item) => new[]
    {
        item.State is ItemState.Ready ? null : item.Until,
        item.State is ItemState.Leased || item.IsDead ? null : item.ExpiresAt,
    }.Min();

    private IEnumerable<Entry> BestFirst(QueuePart part) => _items
        .Where(item => item.State is ItemState.Ready && item.IsDead == part is QueuePart.Dead)
        .OrderByDescending(item => item.Priority)
        .ThenBy(item => item.Id);

    private Refusal WhenHeld(Receipt receipt, Action<Entry> then)
    {
        if (_items.Find(item => item.Id == receipt.Item) is not { } item) return Refusal.NoSuchItem;
        if (item.State is not ItemState.Leased || item.Lease != receipt.Lease) return Refusal.LeaseLost;

        then(item);
        return Refusal.None;
    }

    private void ComeBack(Entry item, TimeSpan delay, bool mayBury, DateTimeOffset now)
    {
        var isBuried = mayBury && !item.IsDead && item.Attempts >= limits.MaxAttempts;
        if (!isBuried && !item.IsDead && item.ExpiresAt <= now) _items.Remove(item);

        item.IsDead |= isBuried;
        item.State = !isBuried && delay > TimeSpan.Zero ? ItemState.Delayed : ItemState.Ready;
        item.Until = now + delay;
    }

    private sealed class Entry
    {
        public long Id { get; init; }

        public int Priority { get; init; }

        public DateTimeOffset? ExpiresAt { get; init; }

        public ItemState State { get; set; }

        public DateTimeOffset? Until { get; set; }

        public bool IsDead { get; set; }

        public bool Counts { get; set; }

        public int Attempts { get; set; }

        public int Lease { get; set; }
    }
}
