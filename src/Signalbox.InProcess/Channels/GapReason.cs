namespace Signalbox.InProcess;

public enum GapReason
{
    /// <summary>The channel's history does not reach back to where the subscription was to begin.</summary>
    HistoryGone,

    /// <summary>The reader was too slow, and the policy leaves messages out.</summary>
    LeftOut,
}
