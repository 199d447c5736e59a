using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Hashes;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Tools;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log.Tools;

public sealed class LogWalkProperties
{
    private static readonly SimulatedDisk[] Logs = [WoundedLog.Fresh(), WoundedLog.WithCheckpoint()];

    [Fact]
    public void It_calls_damaged_what_no_server_starts_on_and_reads_the_rest_alike() =>
        ForAnyWounds(disk =>
        {
            var (started, startEnd) = Start(disk);
            var (walked, report) = Walk(disk);

            Assert.Equal(startEnd is not null, report.IsGood);
            if (startEnd is null) return;

            var counted = walked.Where(entry => Counts(report, entry));
            Assert.Equal(started, counted.Select(entry => (entry.Position, entry.Number)));
            Assert.Equal((startEnd.Last, startEnd.Torn), (report.Last, report.Torn));
        });

    [Fact]
    public void What_it_reads_behind_any_damage_is_what_was_written() =>
        ForAnyWounds(disk =>
        {
            var whole = Logs.SelectMany(log => Walk(log).Entries).ToHashSet();

            var (walked, report) = Walk(disk);

            Assert.Subset(whole, walked.ToHashSet());
            var positions = walked.Select(entry => entry.Position).ToList();
            Assert.Equal(positions.Order().Distinct(), positions);
            if (walked.Count == 0) return;

            // Whatever is between the first and the last is there, or said to be lost.
            var said = report.Damages.SelectMany(
                damage => Enumerable.Range((int)damage.From, (int)Math.Max(0, damage.Lost)));
            var first = walked[0].Position;
            Assert.Empty(Enumerable.Range((int)first, (int)(report.Last - first + 1))
                .Except(walked.Select(entry => (int)entry.Position)).Except(said));
        });

    private static void ForAnyWounds(Action<SimulatedDisk> check) =>
        Prop.ForAll<byte[]>(script =>
        {
            var disk = Logs[script.Length > 0 ? script[0] % 2 : 0].Kill();
            for (var i = 1; i + 2 < script.Length && i < 10; i += 3)
            {
                disk.Wound(script[i], script[i + 1], script[i + 2]);
                if (disk.Files().Count == 0) return;
            }

            // Somebody who has only the checkpoint left has no log.
            if (disk.Files() is ["checkpoint"]) return;
            check(disk);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static (List<(long Position, long Number)> Entries, LogEnd? End) Start(SimulatedDisk disk)
    {
        var entries = new List<(long, long)>();
        try
        {
            var reader = new LogReader(
                disk,
                (long position, in LogEntry entry, bool _) => entries.Add((position, ((KeySet)entry.Fact).Version)),
                onProgress: null);
            return (entries, reader.Read());
        }
        catch (LogDamagedException)
        {
            return (entries, null);
        }
    }

    private static (List<(long Position, long Number, EntryMark Mark)> Entries, LogReport Report) Walk(
        SimulatedDisk disk)
    {
        var entries = new List<(long, long, EntryMark)>();
        using var files = LogFiles.Open(disk);
        var report = new LogWalk(
            files,
            (long position, in LogEntry entry) => entries.Add((position, ((KeySet)entry.Fact).Version, entry.Mark)),
            onDamage: null).Run();
        return (entries, report);
    }

    private static bool Counts(LogReport report, (long Position, long Number, EntryMark Mark) entry) =>
        entry.Position >= report.Checkpoint!.From // A good log has one.
        && ((entry.Mark & EntryMark.Told) == 0 || entry.Position <= report.Checkpoint.To);
}
