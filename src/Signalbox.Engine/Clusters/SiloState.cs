namespace Signalbox.Engine.Clusters;

/// <summary>A process that has a part of the cluster's grains.</summary>
/// <param name="Status">As the list of members has it: joining, active, shuttingdown and so on.</param>
/// <param name="Version">Null where it has not said so yet.</param>
/// <param name="Grains">Null where it did not answer.</param>
public sealed record SiloState(string Address, string Status, DateTimeOffset Since, string? Version, GrainCounts? Grains);
