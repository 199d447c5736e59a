namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>The one list of all nodes of the cluster.</summary>
[Alias("signalbox.nodes")]
internal interface INodesGrain : IGrainWithIntegerKey
{
    /// <summary>The node is there, and goes on being there for a while.</summary>
    /// <returns>The news; null where the node was not known: it has to tell its filters.</returns>
    ValueTask<NodesNews?> RenewAsync(NodeEntry entry);

    /// <summary>The node listens to these filters, and to none besides. Done when all silos know.</summary>
    ValueTask TellFiltersAsync(NodeEntry entry, NodeFilter[] filters);

    /// <summary>Done when all silos know.</summary>
    ValueTask AddFilterAsync(NodeFilter filter);

    ValueTask RemoveFilterAsync(NodeFilter filter);

    /// <summary>The node is gone, in good order.</summary>
    ValueTask RemoveAsync(string node);

    ValueTask<NodesNews> ReadAsync();
}
