using Signalbox.Core.Storage;

namespace Signalbox.Core.Queues;

/// <summary>The dedupe ids that a queue remembers, oldest first.</summary>
/// <remarks>
/// An id that is over but not yet forgotten may be remembered anew. The old entry then stays in line for its turn,
/// and only an entry that is still the id's last word takes the id with it.
/// </remarks>
internal sealed class DedupeIds(TimeSpan window)
{
    private readonly Dictionary<string, DedupeIdKept> _byId = [];
    private readonly Queue<DedupeIdKept> _inOrder = [];

    public int Count => _inOrder.Count;

    public IEnumerable<DedupeIdKept> All => _inOrder;

    /// <summary>When there is something to forget; null where nothing is remembered.</summary>
    public DateTimeOffset? DueAt => _inOrder.TryPeek(out var oldest) ? oldest.Until + Forgetting.DelayOf(window) : null;

    public DedupeIdKept? Find(string id, DateTimeOffset now) =>
        _byId.TryGetValue(id, out var kept) && kept.Until > now ? kept : null;

    public void Remember(DedupeIdKept id)
    {
        _byId[id.DedupeId] = id;
        _inOrder.Enqueue(id);
    }

    public void Forget(DateTimeOffset now)
    {
        while (_inOrder.TryPeek(out var oldest) && oldest.Until <= now)
        {
            _inOrder.Dequeue();
            if (ReferenceEquals(_byId[oldest.DedupeId], oldest)) _byId.Remove(oldest.DedupeId);
        }
    }
}
