using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>Which entries somebody wants to see.</summary>
public sealed record DumpFilter
{
    public long From { get; init; } = 1;

    public long To { get; init; } = long.MaxValue;

    /// <summary>Null for every kind, and a null name for every name.</summary>
    public MachineKind? Kind { get; init; }

    public string? Name { get; init; }

    internal bool Fits(long position, in LogEntry entry) =>
        position >= From
        && position <= To
        && (Kind is null || Kind == entry.Kind)
        && (Name is null || Name == entry.Name);
}

/// <summary>Writes down what a log says, a line an entry, also what does not count any more.</summary>
public static class LogDump
{
    /// <param name="showsPayloads">Else only how long they are: what users keep is not for every terminal.</param>
    /// <exception cref="LogMissingException">There is no log.</exception>
    /// <exception cref="Reading.LogVersionException">A later version wrote it.</exception>
    public static LogReport Run(IDisk disk, DumpFilter filter, bool showsPayloads, Action<string> write)
    {
        using var files = LogFiles.Open(disk);
        return new LogWalk(files, Write, damage => write($"# {damage}")).Run();

        void Write(long position, in LogEntry entry)
        {
            if (filter.Fits(position, entry)) write(EntryText.Of(position, entry, showsPayloads));
        }
    }
}
