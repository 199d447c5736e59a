namespace Signalbox.Client;

/// <summary>A process that holds a part of the cluster.</summary>
/// <param name="Status">active, or what else the cluster thinks of it.</param>
/// <param name="Version">Null where it has not said so yet.</param>
/// <param name="Grains">What it has in memory; null where it did not answer.</param>
public sealed record SiloInfo(string Address, string Status, DateTimeOffset Since, string? Version, GrainCounts? Grains);
