namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>That a node has subscribers to names that match a filter.</summary>
[GenerateSerializer]
[Immutable]
[Alias("signalbox.node-filter")]
internal sealed record NodeFilter(
    [property: Id(0)] string Node, [property: Id(1)] string Filter, [property: Id(2)] long Ticket);
