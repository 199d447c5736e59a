using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Signalbox.Core.Names;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>What this process knows of all nodes, so that grains need not ask: who listens to what by filter, and who
/// is gone.</summary>
internal sealed class NodeDirectory
{
    // Names that were asked for lately. It is only a shortcut, so it is begun anew when it grows.
    private const int MaxCached = 100_000;

    private readonly Gate _gate = new(GateRank.NodeDirectory);
    private readonly Dictionary<string, NodeEntry> _nodes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, INode> _local = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Action<string>, bool> _watchers = new();
    private readonly HashSet<Guid> _formerTellers = [];
    private volatile Matches _matches = new([]);
    private NodesNews _news = NodesNews.None;

    /// <summary>The nodes that take deliveries.</summary>
    public IReadOnlyList<NodeEntry> All
    {
        get
        {
            using (_gate.Enter()) return [.. _nodes.Values.Where(node => node.TakesDeliveries)];
        }
    }

    /// <summary>A node of this very process can be asked without a call.</summary>
    public void AddLocal(INode node) => _local[node.Id] = node;

    public void RemoveLocal(INode node) => _local.TryRemove(KeyValuePair.Create(node.Id, node));

    public INode? FindLocal(string node) => _local.GetValueOrDefault(node);

    public bool TryFind(string node, [NotNullWhen(true)] out NodeEntry? entry)
    {
        using (_gate.Enter()) return _nodes.TryGetValue(node, out entry);
    }

    /// <summary>The nodes that have a filter which this name matches.</summary>
    public IReadOnlyList<string> Matching(string channel) => _matches.Of(channel);

    /// <summary>Has this called, with its id, for each node that is gone. It must not wait.</summary>
    public void WatchLosses(Action<string> onLoss) => _watchers.TryAdd(onLoss, true);

    public void StopWatching(Action<string> onLoss) => _watchers.TryRemove(onLoss, out _);

    public void Take(NodesNews news)
    {
        List<string> lost = [];
        using (_gate.Enter())
        {
            if (!IsNewer(news)) return;

            _news = news;
            var named = news.Nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
            if (news.IsComplete) lost.AddRange(_nodes.Keys.Where(node => !named.Contains(node)));
            foreach (var node in lost) _nodes.Remove(node);
            foreach (var node in news.Nodes) _nodes[node.Id] = node;
            UpdateMatches(news);
        }

        Tell(lost);
    }

    /// <summary>A silo has died, and every node with it: this is known before the nodes are late.</summary>
    public void Lose(SiloAddress silo)
    {
        List<string> lost;
        using (_gate.Enter())
        {
            lost = [.. _nodes.Values.Where(node => silo.Equals(node.Silo)).Select(node => node.Id)];
            foreach (var node in lost) _nodes.Remove(node);
            UpdateMatches(_news);
        }

        Tell(lost);
    }

    private bool IsNewer(NodesNews news)
    {
        if (news.Teller == _news.Teller) return news.Version > _news.Version;
        if (_formerTellers.Contains(news.Teller)) return false;

        _formerTellers.Add(_news.Teller);
        return true;
    }

    // Where the news may lack nodes that are there, what was known of those holds on.
    private void UpdateMatches(NodesNews news)
    {
        var told = news.Filters.Where(filter => _nodes.ContainsKey(filter.Node));
        var named = news.Nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        var kept = _matches.Filters.Where(filter => !named.Contains(filter.Node) && _nodes.ContainsKey(filter.Node));
        _matches = new Matches([.. told, .. kept]);
    }

    private void Tell(List<string> lost)
    {
        foreach (var node in lost)
        {
            foreach (var (onLoss, _) in _watchers) onLoss(node);
        }
    }

    /// <summary>All filters at one moment, and which names they were found to match.</summary>
    private sealed class Matches(IReadOnlyList<NodeFilter> filters)
    {
        private static readonly string[] Nobody = [];

        private readonly ConcurrentDictionary<string, string[]> _found = new(StringComparer.Ordinal);

        public IReadOnlyList<NodeFilter> Filters => filters;

        public string[] Of(string channel)
        {
            if (filters.Count == 0) return Nobody;
            if (_found.TryGetValue(channel, out var nodes)) return nodes;

            nodes = [.. filters.Where(one => ChannelFilter.Matches(one.Filter, channel)).Select(one => one.Node).Distinct()];
            if (_found.Count >= MaxCached) _found.Clear();
            _found[channel] = nodes;
            return nodes;
        }
    }
}
