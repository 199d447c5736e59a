using Signalbox.Gates;

namespace Signalbox.Engine.Nodes;

/// <summary>The filters that have local subscribers, level by level: a name finds its filters without a scan.</summary>
/// <remarks>Readers never wait: they walk an immutable tree, and every change makes a new path from the root.</remarks>
internal sealed class FilterTrie
{
    private readonly Gate _gate = new(GateRank.FilterTrie);
    private Branch _root = Branch.Empty;

    public bool IsEmpty => Volatile.Read(ref _root).IsEmpty;

    public void Set(string filter, Audience audience)
    {
        using (_gate.Enter()) Volatile.Write(ref _root, _root.With(filter.Split('/'), 0, audience));
    }

    /// <summary>Takes the filter out, unless another audience has taken its place.</summary>
    public void Remove(string filter, Audience audience)
    {
        var levels = filter.Split('/');
        using (_gate.Enter())
        {
            if (_root.Find(levels, 0) == audience) Volatile.Write(ref _root, _root.With(levels, 0, null));
        }
    }

    public Audience? Find(string filter) => Volatile.Read(ref _root).Find(filter.Split('/'), 0);

    /// <summary>Adds every audience whose filter matches the name.</summary>
    public void Match(ReadOnlySpan<char> name, List<Audience> matches)
    {
        var root = Volatile.Read(ref _root);
        if (root.IsEmpty) return;

        // A wildcard on the first level does not see the system's names.
        root.Match(name, matches, allowWildcards: name is not ['$', ..]);
    }

    private sealed class Branch(Dictionary<string, Branch> levels, Audience? audience)
    {
        public static readonly Branch Empty = new([], null);

        private readonly Dictionary<string, Branch>.AlternateLookup<ReadOnlySpan<char>> _byLevel =
            levels.GetAlternateLookup<ReadOnlySpan<char>>();

        public bool IsEmpty => levels.Count == 0 && audience is null;

        public Branch With(string[] path, int at, Audience? value)
        {
            if (at == path.Length) return new Branch(levels, value);

            var changed = new Dictionary<string, Branch>(levels);
            var child = levels.GetValueOrDefault(path[at], Empty).With(path, at + 1, value);
            if (child.IsEmpty) changed.Remove(path[at]);
            else changed[path[at]] = child;
            return new Branch(changed, audience);
        }

        public Audience? Find(string[] path, int at) =>
            at == path.Length ? audience
            : levels.TryGetValue(path[at], out var child) ? child.Find(path, at + 1)
            : null;

        public void Match(ReadOnlySpan<char> rest, List<Audience> matches, bool allowWildcards)
        {
            if (allowWildcards && _byLevel.TryGetValue("#", out var all)) all.AddTo(matches);

            var slash = rest.IndexOf('/');
            var level = slash < 0 ? rest : rest[..slash];
            if (allowWildcards && _byLevel.TryGetValue("+", out var any)) any.Descend(rest, slash, matches);
            if (_byLevel.TryGetValue(level, out var exact)) exact.Descend(rest, slash, matches);
        }

        private void Descend(ReadOnlySpan<char> rest, int slash, List<Audience> matches)
        {
            if (slash >= 0)
            {
                Match(rest[(slash + 1)..], matches, allowWildcards: true);
                return;
            }

            AddTo(matches);
            // "a/#" is also "a" itself.
            if (_byLevel.TryGetValue("#", out var all)) all.AddTo(matches);
        }

        private void AddTo(List<Audience> matches)
        {
            if (audience is not null) matches.Add(audience);
        }
    }
}
