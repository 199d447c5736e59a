using System.Runtime.InteropServices;

namespace Signalbox.Core.Queues;

/// <summary>"The thing with this id stands at this rank." Lower ranks come first, then lower ids.</summary>
internal readonly record struct Hint(long Rank, long Id) : IComparable<Hint>
{
    public int CompareTo(Hint other) =>
        Rank != other.Rank ? Rank.CompareTo(other.Rank) : Id.CompareTo(other.Id);
}

/// <summary>
/// A heap of hints, each of which may have become untrue or been said twice. The first is always true.
/// </summary>
/// <remarks>
/// Things leave their places from the middle all the time (an acknowledgement, an extended lease). To find them in
/// the heap each would have to know its index, and every step of a sift would write into another cold object.
/// So an untrue hint stays until it comes up, or until the untrue ones are more than half: memory stays in
/// proportion, and the cost of a change is that of one push and one pop. The heap has four children a node, and
/// entries of sixteen bytes: a node's children are one cache line. A push in order, which is the usual one, is free.
/// </remarks>
internal sealed class HintHeap(Func<Hint, bool> isTrue)
{
    private const int Arity = 4;
    private const int FreeUntrue = 64;
    private const int SmallCapacity = 1024;

    private readonly List<Hint> _hints = [];

    /// <summary>All that takes room, the untrue too.</summary>
    public int Count => _hints.Count;

    public bool TryPeek(out Hint first)
    {
        first = _hints.Count > 0 ? _hints[0] : default;
        return _hints.Count > 0;
    }

    public void Push(Hint hint)
    {
        _hints.Add(hint);
        var heap = CollectionsMarshal.AsSpan(_hints);
        var at = heap.Length - 1;
        while (at > 0)
        {
            var parent = (at - 1) / Arity;
            if (hint.CompareTo(heap[parent]) >= 0) break;

            heap[at] = heap[parent];
            at = parent;
        }

        heap[at] = hint;
    }

    /// <summary>Must follow every change that can have made hints about <paramref name="id"/> untrue.</summary>
    /// <param name="trueCount">How many different hints can be true: what the size is measured against.</param>
    public void Doubt(long id, int trueCount)
    {
        if (_hints.Count > 0 && _hints[0].Id == id)
        {
            while (_hints.Count > 0 && !isTrue(_hints[0])) Pop();
        }

        if (_hints.Count > 2L * trueCount + FreeUntrue) Sweep();
        Shrink();
    }

    /// <summary>Drops all that is untrue or said twice. What is left is sorted, and so it is a heap.</summary>
    public void Sweep()
    {
        _hints.RemoveAll(hint => !isTrue(hint));
        _hints.Sort();

        var heap = CollectionsMarshal.AsSpan(_hints);
        var kept = 0;
        foreach (var hint in heap)
        {
            if (kept == 0 || heap[kept - 1] != hint) heap[kept++] = hint;
        }

        _hints.RemoveRange(kept, _hints.Count - kept);
        Shrink();
    }

    /// <summary>The true hints in order, for a look at the first few: the cost grows with what is read.</summary>
    public IEnumerable<Hint> InOrder()
    {
        var open = new PriorityQueue<int, Hint>();
        if (_hints.Count > 0) open.Enqueue(0, _hints[0]);

        Hint? last = null;
        while (open.TryDequeue(out var at, out var hint))
        {
            var firstChild = at * Arity + 1;
            for (var child = firstChild; child < firstChild + Arity && child < _hints.Count; child++)
            {
                open.Enqueue(child, _hints[child]);
            }

            if (hint != last && isTrue(hint)) yield return hint;
            last = hint;
        }
    }

    private void Pop()
    {
        var last = _hints[^1];
        _hints.RemoveAt(_hints.Count - 1);
        var heap = CollectionsMarshal.AsSpan(_hints);
        if (heap.IsEmpty) return;

        var at = 0;
        while (true)
        {
            var child = at * Arity + 1;
            if (child >= heap.Length) break;

            var end = Math.Min(child + Arity, heap.Length);
            var least = child;
            while (++child < end)
            {
                if (heap[child].CompareTo(heap[least]) < 0) least = child;
            }

            if (last.CompareTo(heap[least]) <= 0) break;

            heap[at] = heap[least];
            at = least;
        }

        heap[at] = last;
    }

    // A heap that was large once must not hold the room for ever.
    private void Shrink()
    {
        if (_hints.Capacity <= SmallCapacity || _hints.Count >= _hints.Capacity / 8) return;

        _hints.Capacity = Math.Max(SmallCapacity, 2 * _hints.Count);
    }
}
