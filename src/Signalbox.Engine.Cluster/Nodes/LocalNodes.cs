using System.Collections.Concurrent;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>The nodes of this process that have joined the cluster: one, as a rule.</summary>
internal sealed class LocalNodes(ClusterLinks links, ClusterSettings settings)
{
    private readonly ConcurrentDictionary<string, ClusterNode> _nodes = new(StringComparer.Ordinal);

    public IEnumerable<ClusterNode> All => _nodes.Values;

    public async Task JoinAsync(INode node)
    {
        var joined = new ClusterNode(node, links, settings);
        if (!_nodes.TryAdd(node.Id, joined)) throw new InvalidOperationException($"{node.Id} has joined already.");

        try
        {
            await joined.StartAsync();
        }
        catch
        {
            _nodes.TryRemove(node.Id, out _);
            throw;
        }
    }

    public async Task LeaveAsync(INode node)
    {
        if (_nodes.TryRemove(node.Id, out var joined)) await joined.DisposeAsync();
    }

    public ClusterNode Find(string id) =>
        _nodes.TryGetValue(id, out var node) ? node : throw new InvalidOperationException($"{id} has not joined the cluster.");
}
