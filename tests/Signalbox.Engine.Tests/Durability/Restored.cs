using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>Engines that are made of what a log tells, as after a start.</summary>
internal static class Restored
{
    /// <param name="told">Where a checkpoint was complete, counted from the first of these entries; 0 for none.</param>
    public static EmbeddedEngine From(
        IEnumerable<LogEntry> entries,
        ManualClock clock,
        ILog log,
        ChannelRules? rules = null,
        EngineLimits? limits = null,
        EngineDurability? durability = null,
        int told = 0,
        bool wasClosed = false)
    {
        var engine = new EmbeddedEngine(
            clock,
            log,
            rules ?? Requests.AlwaysDurable,
            limits ?? EngineLimits.Default,
            durability ?? EngineDurability.Default);
        foreach (var (index, entry) in entries.Index()) engine.Restore(entry, isBeingTold: index < told);
        engine.Resume(wasClosed);
        return engine;
    }
}
