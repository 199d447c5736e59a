namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>A process that the cluster's news go to: one that has subscribers, or a silo for its grains.</summary>
/// <param name="Silo">The silo that it is in, and ends with; null for a client of the cluster.</param>
/// <param name="TakesDeliveries">Whether it has subscribers; a silo for itself has none.</param>
/// <param name="Version">Which release it runs.</param>
[GenerateSerializer]
[Immutable]
[Alias("signalbox.node-entry")]
internal sealed record NodeEntry(
    [property: Id(0)] string Id,
    [property: Id(1)] SiloAddress? Silo,
    [property: Id(2)] INodeObserver Observer,
    [property: Id(3)] bool TakesDeliveries,
    [property: Id(4)] string? Version);
