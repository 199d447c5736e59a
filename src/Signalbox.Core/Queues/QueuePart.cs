namespace Signalbox.Core.Queues;

/// <summary>A queue has two parts: the work that waits, and the dead letters that were tried too often.</summary>
public enum QueuePart : byte
{
    Live = 0,
    Dead = 1,
}
