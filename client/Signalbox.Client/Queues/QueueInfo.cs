namespace Signalbox.Client;

public sealed record QueueInfo(string Name, QueueCounts Counts);
