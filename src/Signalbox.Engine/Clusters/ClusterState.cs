namespace Signalbox.Engine.Clusters;

/// <summary>What there is of a cluster at a moment.</summary>
public sealed record ClusterState(IReadOnlyList<SiloState> Silos, IReadOnlyList<NodeState> Nodes);
