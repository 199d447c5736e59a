namespace Signalbox.Engine.Clusters;

/// <summary>A process that clients are connected to, or that subscribes for itself.</summary>
/// <param name="Silo">The silo that it is in; null for a service that is none.</param>
/// <param name="Backlog">How many deliveries wait in its inbox; null where that did not answer.</param>
public sealed record NodeState(string Id, string? Silo, string? Version, int? Backlog);
