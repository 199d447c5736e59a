using Signalbox.Core.Queues;

namespace Signalbox.Engine.Listing;

public sealed record QueueEntry(string Name, QueueCounts Counts);
