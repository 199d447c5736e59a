namespace Signalbox.Core.Queues;

/// <summary>How many items are where. <see cref="Live"/> is what a user means by the length of the queue.</summary>
public readonly record struct QueueCounts(int Ready, int Delayed, int Leased, int Dead)
{
    public int Live => Ready + Delayed + Leased;
}
