namespace Signalbox.Engine.Queues;

/// <param name="Lease">How long the item is held; null for a hand-over, which counts as no attempt.</param>
/// <param name="Wait">How long to wait for an item: zero for not at all, null for as long as it takes.</param>
public sealed record PopRequest(TimeSpan? Lease, TimeSpan? Wait);
