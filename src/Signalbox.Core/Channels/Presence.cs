namespace Signalbox.Core.Channels;

/// <summary>
/// Who is present in a channel, and through which nodes: a node that is lost takes its members with it.
/// </summary>
internal sealed class Presence
{
    private readonly Dictionary<string, Member> _members = [];
    private readonly Dictionary<string, Node> _nodes = [];

    public bool IsEmpty => _members.Count == 0 && _nodes.Count == 0;

    public IReadOnlyCollection<Member> Members => _members.Values;

    /// <summary>The node that is lost next unless it is renewed; null when no node was ever renewed.</summary>
    /// <remarks>Not searched for when asked: it is asked after every message, and seldom changes.</remarks>
    public (DateTimeOffset Until, string Node)? NextLoss { get; private set; }

    public Member? Find(string id) => _members.GetValueOrDefault(id);

    public bool Knows(string node) => _nodes.ContainsKey(node);

    public DateTimeOffset? UntilOf(string node) => _nodes.GetValueOrDefault(node)?.Until;

    public Member[] MembersOf(string node)
    {
        if (!_nodes.TryGetValue(node, out var entry)) return [];

        return [.. entry.Members.Order(StringComparer.Ordinal).Select(id => _members[id])];
    }

    public void Join(Member member)
    {
        // A connection may come back through another node.
        Leave(member.Id);
        _members.Add(member.Id, member);
        NodeOf(member.Node).Members.Add(member.Id);
    }

    public void Leave(string id)
    {
        if (!_members.Remove(id, out var member)) return;

        var node = _nodes[member.Node];
        node.Members.Remove(id);

        // What is known of how long the node lives is kept: it holds for the next member that comes through it.
        if (node.Members.Count == 0 && node.Until is null) _nodes.Remove(member.Node);
    }

    public void Renew(string node, DateTimeOffset until)
    {
        NodeOf(node).Until = until;
        FindNextLoss();
    }

    public void Lose(string node)
    {
        if (!_nodes.Remove(node, out var gone)) return;

        foreach (var id in gone.Members) _members.Remove(id);
        FindNextLoss();
    }

    private Node NodeOf(string name)
    {
        if (!_nodes.TryGetValue(name, out var node)) _nodes.Add(name, node = new Node());
        return node;
    }

    private void FindNextLoss()
    {
        NextLoss = null;
        foreach (var (name, node) in _nodes)
        {
            if (node.Until is { } until && IsBefore(until, name, NextLoss)) NextLoss = (until, name);
        }
    }

    private static bool IsBefore(DateTimeOffset until, string name, (DateTimeOffset Until, string Node)? other)
    {
        if (other is not { } known || until < known.Until) return true;

        return until == known.Until && string.CompareOrdinal(name, known.Node) < 0;
    }

    private sealed class Node
    {
        public HashSet<string> Members { get; } = [];

        public DateTimeOffset? Until { get; set; }
    }
}
