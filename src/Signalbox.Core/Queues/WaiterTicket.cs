namespace Signalbox.Core.Queues;

/// <summary>A place in a <see cref="PopLine{TWaiter}"/>. No place has the number 0, so the default fits none.</summary>
public readonly record struct WaiterTicket(long Number);
