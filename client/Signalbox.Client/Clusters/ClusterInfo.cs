namespace Signalbox.Client;

/// <summary>What there is of the cluster that a server is a part of.</summary>
public sealed record ClusterInfo(IReadOnlyList<SiloInfo> Silos, IReadOnlyList<NodeInfo> Nodes);
