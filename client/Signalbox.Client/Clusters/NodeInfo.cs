namespace Signalbox.Client;

/// <summary>A process of the cluster that subscribes: for its clients, or for itself.</summary>
/// <param name="Silo">The silo that it is in; null for a service that is none.</param>
/// <param name="Backlog">How many deliveries wait for it; null where that is not known.</param>
public sealed record NodeInfo(string Id, string? Silo, string? Version, long? Backlog);
