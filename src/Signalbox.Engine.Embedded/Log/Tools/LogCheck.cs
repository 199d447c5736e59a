using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>Reads all of a log and says what is missing; changes nothing, and holds up nobody.</summary>
public static class LogCheck
{
    /// <exception cref="LogMissingException">There is no log.</exception>
    /// <exception cref="Reading.LogVersionException">A later version wrote it.</exception>
    public static LogReport Run(IDisk disk)
    {
        using var files = LogFiles.Open(disk);
        return new LogWalk(files, onEntry: null, onDamage: null).Run();
    }
}
