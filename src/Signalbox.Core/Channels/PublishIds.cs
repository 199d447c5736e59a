namespace Signalbox.Core.Channels;

/// <summary>
/// The idempotency ids of a channel that are remembered for now, each with the offset that its message got.
/// </summary>
internal sealed class PublishIds
{
    private readonly Dictionary<string, Remembered> _byId = [];

    // A heap and not a queue, since a shorter window in the settings makes a later id end before an earlier one.
    // An id that was published again after its window has two entries here: the later one counts.
    private readonly PriorityQueue<string, DateTimeOffset> _byEnd = new();

    public int Count => _byId.Count;

    /// <summary>
    /// When the window of the first of them is over. There is one: the channel drops this object with the last id.
    /// </summary>
    public DateTimeOffset NextEnd => _byEnd.TryPeek(out _, out var end) ? end : DateTimeOffset.MaxValue;

    public IEnumerable<PublishIdRemembered> InOrder =>
        from entry in _byId
        orderby entry.Value.Offset
        select new PublishIdRemembered(entry.Key, entry.Value.Offset, entry.Value.Until);

    public bool Contains(string id) => _byId.ContainsKey(id);

    public bool TryFind(string id, DateTimeOffset now, out long offset)
    {
        // The id may wait to be forgotten because a wake-up is late: that must not swallow a message.
        var found = _byId.TryGetValue(id, out var remembered) && remembered.Until > now;
        offset = found ? remembered.Offset : 0;
        return found;
    }

    public void Remember(string id, long offset, DateTimeOffset until)
    {
        _byId[id] = new Remembered(offset, until);
        _byEnd.Enqueue(id, until);
    }

    public void Forget(DateTimeOffset now)
    {
        while (_byEnd.TryPeek(out var id, out var end) && end <= now)
        {
            _byEnd.Dequeue();
            if (_byId.TryGetValue(id, out var remembered) && remembered.Until <= now) _byId.Remove(id);
        }
    }

    public void Forget(string id)
    {
        _byId.Remove(id);
        if (_byEnd.Count < 64 + (2 * _byId.Count)) return;

        // Whoever forgets as fast as it remembers must not fill the heap with what is gone.
        _byEnd.Clear();
        foreach (var (left, remembered) in _byId) _byEnd.Enqueue(left, remembered.Until);
    }

    private readonly record struct Remembered(long Offset, DateTimeOffset Until);
}
