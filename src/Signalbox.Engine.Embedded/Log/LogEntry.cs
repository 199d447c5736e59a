using Signalbox.Core.Storage;

namespace Signalbox.Engine.Embedded.Log;

/// <summary>A fact for the log: whose it is, and what it is.</summary>
/// <param name="Durability">Always: somebody will wait for it. Interval: nobody does, so it may be flushed later.</param>
public readonly record struct LogEntry(
    MachineKind Kind, string Name, object Fact, EntryMark Mark, Durability Durability);
