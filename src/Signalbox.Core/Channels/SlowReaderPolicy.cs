namespace Signalbox.Core.Channels;

/// <summary>What happens when a subscriber's outbound queue is full.</summary>
public enum SlowReaderPolicy : byte
{
    /// <summary>Close the connection and say why: it comes back and recovers.</summary>
    Disconnect = 0,

    /// <summary>Drop the oldest messages that wait, and tell the subscriber which.</summary>
    DropOldest = 1,

    /// <summary>Keep only the latest message of the channel, and tell the subscriber which were dropped.</summary>
    Latest = 2,
}
