namespace Signalbox.Core.Queues;

/// <summary>Why an item left its queue for good.</summary>
public enum RemovalReason : byte
{
    Acknowledged = 0,
    Expired = 1,
}
