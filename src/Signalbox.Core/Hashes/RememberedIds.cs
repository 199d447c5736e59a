using Signalbox.Core.Storage;

namespace Signalbox.Core.Hashes;

/// <summary>The idempotency ids of one key, forgotten in the order in which they came.</summary>
/// <remarks>
/// A shorter window in the settings makes a later id end before an earlier one: it is then held in memory for as long
/// as the earlier, but answers no longer than its own time, as <see cref="Find"/> looks at that and not at the order.
/// </remarks>
internal sealed class RememberedIds(TimeSpan window)
{
    private readonly Dictionary<string, RememberedId> _byId = new(StringComparer.Ordinal);
    private readonly Queue<RememberedId> _inOrder = [];

    public int Count => _inOrder.Count;

    public IEnumerable<RememberedId> InOrder => _inOrder;

    /// <summary>When there is an id to forget. There is one: a key without ids has no such object.</summary>
    public DateTimeOffset NextDue => _inOrder.Peek().Until + Forgetting.DelayOf(window);

    public RememberedId? Find(string id, DateTimeOffset now) =>
        _byId.TryGetValue(id, out var remembered) && remembered.Until > now ? remembered : null;

    /// <remarks>An id whose time is over may come again before it was forgotten; both wait in the queue then.</remarks>
    public void Add(RememberedId remembered)
    {
        _byId[remembered.Id] = remembered;
        _inOrder.Enqueue(remembered);
    }

    public void Forget(DateTimeOffset now)
    {
        while (_inOrder.TryPeek(out var first) && first.Until <= now)
        {
            _inOrder.Dequeue();
            if (ReferenceEquals(_byId[first.Id], first)) _byId.Remove(first.Id);
        }
    }
}
