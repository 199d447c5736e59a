namespace Signalbox.Core.Queues;

/// <summary>Proof that somebody holds an item: which item, and which taking of it.</summary>
public readonly record struct Receipt(long Item, int Lease);
