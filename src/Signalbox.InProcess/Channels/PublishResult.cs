namespace Signalbox.InProcess;

/// <param name="Receivers">Connections, and subscriptions of processes, that the message was handed to.</param>
/// <param name="Offset">Its number in the channel; null where the channel keeps no history.</param>
public readonly record struct PublishResult(long Receivers, long? Offset);
