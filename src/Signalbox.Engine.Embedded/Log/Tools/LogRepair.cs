using System.Globalization;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>Makes a new log of what is still readable of a damaged one, and sets that one aside.</summary>
/// <remarks>
/// It is a checkpoint whose machines come from a log with holes: everything is told again, in segments behind the old
/// ones, and the file <c>checkpoint</c> is replaced. That is the one moment at which the new log is in the place of the
/// old one. A crash before it leaves the damaged log, with segments behind it that do not count; one after it
/// leaves old files that nothing reads, which the next repair sets aside.
/// </remarks>
public static class LogRepair
{
    // As much as an idle server tells at a time.
    private const int Portion = 4096;

    /// <summary>The old checkpoint, until it is set aside; empty where there was none.</summary>
    private const string OldCheckpoint = "checkpoint.damaged";

    /// <param name="setup">The settings of the server whose log this is: what they do not keep is not kept.</param>
    /// <returns>Null where there is nothing to repair.</returns>
    /// <exception cref="DirectoryInUseException">A server runs.</exception>
    /// <exception cref="LogMissingException">There is no log.</exception>
    /// <exception cref="LogVersionException">A later version wrote it.</exception>
    public static RepairReport? Run(IDisk disk, TimeProvider clock, LogOptions options, EngineSetup setup)
    {
        using var hold = disk.Lock();
        var folder = clock.GetUtcNow().ToString("'damaged-'yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var before = LogCheck.Run(disk);
        if (before.IsGood && CanBeFollowed(disk, clock, setup))
        {
            SetAside(disk, folder);
            return null;
        }

        var (applied, leftOut) = Rewrite(disk, clock, options, setup, before);
        SetAside(disk, folder);
        return new RepairReport(before, LogCheck.Run(disk), folder, applied, leftOut);
    }

    // Every byte may be whole, and what they say impossible all the same: no server starts on that either.
    private static bool CanBeFollowed(IDisk disk, TimeProvider clock, EngineSetup setup)
    {
        using var files = LogFiles.Open(disk);
        using var engine = setup.MakeEngine(clock, new MemoryLog());
        var mending = new Mending(engine, files.Checkpoint!); // It is good.
        new LogWalk(files, mending.Take, onDamage: null).Run();
        return !mending.HasContradictions;
    }

    private static (long Applied, IReadOnlyList<LeftOut> LeftOut) Rewrite(
        IDisk disk, TimeProvider clock, LogOptions options, EngineSetup setup, LogReport before)
    {
        using var files = LogFiles.Open(disk);
        var lastSegment = LogReader.Segments(disk) is [.., var last] ? last : 0;
        var lastPosition = before.Damages.Select(damage => damage.To).Append(before.Last).Max();
        using var log = new RepairedLog(disk, clock, options, lastSegment, lastPosition);
        using var engine = setup.MakeEngine(clock, log);
        var mending = new Mending(engine, files.Checkpoint ?? LostCheckpoint.Find(files));
        new LogWalk(files, mending.Take, onDamage: null).Run();
        try
        {
            var telling = new Telling(engine);
            while (telling.Step(Portion)) log.Flush();
            var checkpoint = log.Close();
            disk.Replace(OldCheckpoint, files.CheckpointBytes);
            disk.Replace(Checkpoint.FileName, checkpoint.ToBytes());
        }
        catch (DiskFullException)
        {
            log.Abandon();
            throw;
        }

        return (mending.Applied, mending.LeftOut());
    }

    // Only behind a repair: what a checkpoint of the server makes needless is the server's to delete.
    private static void SetAside(IDisk disk, string folder)
    {
        if (!disk.Files().Contains(OldCheckpoint)) return;

        foreach (var name in LogCheck.Run(disk).Needless) disk.Move(name, $"{folder}/{name}");

        // Last, as it says that there is something to be set aside.
        using var file = disk.Open(OldCheckpoint);
        if (file.Length == 0) disk.Delete(OldCheckpoint);
        else disk.Move(OldCheckpoint, $"{folder}/{Checkpoint.FileName}");
    }
}
