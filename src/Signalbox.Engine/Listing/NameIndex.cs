using Signalbox.Gates;

namespace Signalbox.Engine.Listing;

/// <summary>
/// Names in order, in leaves of bounded size: adding, removing and reading a page cost a search and a short move,
/// also at a million names.
/// </summary>
/// <remarks>Safe for many threads. Order is by code unit, so that a cursor means the same on every machine.</remarks>
public sealed class NameIndex
{
    private const int LeafSize = 512;

    private readonly Gate _gate = new(GateRank.NameIndex);
    private readonly List<List<string>> _leaves = [[]];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool Contains(string name)
    {
        using (_gate.Enter()) return _leaves[LeafFor(name)].BinarySearch(name, StringComparer.Ordinal) >= 0;
    }

    public void Add(string name)
    {
        using (_gate.Enter())
        {
            var at = LeafFor(name);
            var leaf = _leaves[at];
            var index = leaf.BinarySearch(name, StringComparer.Ordinal);
            if (index >= 0) return;

            leaf.Insert(~index, name);
            Volatile.Write(ref _count, _count + 1);
            if (leaf.Count <= LeafSize) return;

            // Names often come in order: split near the end then, so that leaves stay full.
            var keep = ~index == leaf.Count - 1 ? LeafSize : leaf.Count / 2;
            _leaves.Insert(at + 1, leaf.GetRange(keep, leaf.Count - keep));
            leaf.RemoveRange(keep, leaf.Count - keep);
        }
    }

    /// <summary>Takes these names, each once, in the place of all that there were: much faster than one by one.</summary>
    public void Fill(IEnumerable<string> names)
    {
        string[] sorted = [.. names];
        Array.Sort(sorted, StringComparer.Ordinal);
        using (_gate.Enter())
        {
            Empty();
            if (sorted.Length == 0) return;

            _leaves.Clear();
            foreach (var leaf in sorted.Chunk(LeafSize)) _leaves.Add([.. leaf]);
            Volatile.Write(ref _count, sorted.Length);
        }
    }

    public void Remove(string name)
    {
        using (_gate.Enter())
        {
            var at = LeafFor(name);
            var index = _leaves[at].BinarySearch(name, StringComparer.Ordinal);
            if (index < 0) return;

            _leaves[at].RemoveAt(index);
            Volatile.Write(ref _count, _count - 1);
            if (_leaves[at].Count == 0 && _leaves.Count > 1) _leaves.RemoveAt(at);
        }
    }

    public void Clear()
    {
        using (_gate.Enter()) Empty();
    }

    /// <summary>The names with this prefix after the cursor, at most as many as asked for.</summary>
    public Page<string> Page(ListRequest request)
    {
        using (_gate.Enter())
        {
            var names = new List<string>(Math.Min(request.Limit, 1024));
            var from = string.CompareOrdinal(request.After, request.Prefix) > 0 ? request.After! : request.Prefix;
            for (var at = LeafFor(from); at < _leaves.Count; at++)
            {
                var leaf = _leaves[at];
                var index = leaf.BinarySearch(from, StringComparer.Ordinal);
                for (var i = index < 0 ? ~index : index; i < leaf.Count; i++)
                {
                    var name = leaf[i];
                    if (string.CompareOrdinal(name, request.After) <= 0) continue;
                    if (!name.StartsWith(request.Prefix, StringComparison.Ordinal)) return new Page<string>(names, null);
                    if (names.Count == request.Limit) return new Page<string>(names, names[^1]);
                    names.Add(name);
                }
            }

            return new Page<string>(names, null);
        }
    }

    private void Empty()
    {
        _leaves.Clear();
        _leaves.Add([]);
        Volatile.Write(ref _count, 0);
    }

    // The last leaf whose first name is not after this one.
    private int LeafFor(string name)
    {
        var low = 0;
        var high = _leaves.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            var isAfter = _leaves[middle].Count > 0 && string.CompareOrdinal(_leaves[middle][0], name) > 0;
            if (isAfter) high = middle - 1;
            else low = middle;
        }

        return low;
    }
}
