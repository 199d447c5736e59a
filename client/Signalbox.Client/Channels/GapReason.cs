namespace Signalbox.Client;

public enum GapReason
{
    /// <summary>The channel's history does not reach back to where the subscription was.</summary>
    HistoryGone,

    /// <summary>There was no connection for a while, and a filter or broadcast has no history to ask for.</summary>
    NoHistory,

    /// <summary>The consumer was too slow while replies had to be read on the same connection.</summary>
    SlowConsumer,

    /// <summary>The server left them out, as its options for slow readers say.</summary>
    LeftOut,
}
