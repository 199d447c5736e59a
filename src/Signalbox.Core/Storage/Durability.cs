namespace Signalbox.Core.Storage;

/// <summary>How much of what was said to be done outlives the process.</summary>
public enum Durability : byte
{
    /// <summary>Nothing: it is kept in memory only.</summary>
    None,

    /// <summary>All but the last moments before a crash: it is written and flushed in the background.</summary>
    Interval,

    /// <summary>Everything: nobody is told of it before it is on disk.</summary>
    Always,
}
