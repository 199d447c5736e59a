using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Tools;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log.Tools;

/// <summary>Check, dump and backup.</summary>
public sealed class LogToolsTests
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    [Fact]
    public void Check_says_what_each_segment_holds_and_needs_no_lock()
    {
        var disk = WoundedLog.Fresh();
        using var server = disk.Lock();

        var report = LogCheck.Run(disk);

        Assert.True(report.IsGood);
        Assert.Equal(12, report.Last);
        Assert.Equal((SegmentHeader.CurrentVersion, 1L, 4), (report.Segments[0].Format, report.Segments[0].First, report.Segments[0].Frames));
        Assert.Equal(report.Segments[0].Last + 1, report.Segments[1].First);
        Assert.Equal(0, report.Segments[^1].Used);
    }

    [Fact]
    public void Check_changes_nothing()
    {
        var disk = WoundedLog.WithCheckpoint();
        disk.Wound(file: 2, how: 3, where: 100);
        var changes = disk.Changes;

        Assert.False(LogCheck.Run(disk).IsGood);

        Assert.Equal(changes, disk.Changes);
    }

    [Fact]
    public void Check_names_the_place_that_is_damaged_and_what_is_lost_there()
    {
        var disk = WoundedLog.Fresh();
        disk.Flip(WoundedLog.FirstSegment, SegmentHeader.Size + FrameHeader.Size + 100);

        var damage = Assert.Single(LogCheck.Run(disk).Damages);

        Assert.Equal((WoundedLog.FirstSegment, SegmentHeader.Size), (damage.File, damage.Offset));
        Assert.Equal((1, 1), (damage.From, damage.To));
        Assert.Contains("Position 1 is lost.", damage.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_tail_is_good_and_told()
    {
        var disk = WoundedLog.Fresh();
        var last = LogCheck.Run(disk).Segments.Last(segment => segment.Used > 0);
        var bytes = disk.Content(last.File);
        bytes.AsSpan((int)(last.Used - 8)).Clear();
        disk.Rewrite(last.File, bytes);

        var report = LogCheck.Run(disk);

        Assert.True(report.IsGood);
        Assert.Equal(last.File, report.Torn?.File);
    }

    [Fact]
    public void A_directory_without_a_log_is_said_to_have_none() =>
        Assert.Throws<LogMissingException>(() => LogCheck.Run(new SimulatedDisk(seed: 1)));

    [Fact]
    public void A_dump_has_a_line_for_each_entry_and_goes_on_behind_damage()
    {
        var disk = WoundedLog.Fresh();
        disk.Flip(WoundedLog.FirstSegment, SegmentHeader.Size + FrameHeader.Size + 100);

        var lines = Dump(disk, new DumpFilter());

        Assert.StartsWith("# log-0000000001 is damaged at byte 48", lines[0], StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(2, 11).Select(i => $"{i}"), lines[1..].Select(line => line.Split(' ')[0]));
        Assert.All(lines[1..], line => Assert.Contains(" hash \"lamp\" - KeySet value=Text:", line, Ordinal));
    }

    [Fact]
    public void A_dump_shows_only_what_is_asked_for()
    {
        var disk = WoundedLog.Fresh();

        Assert.Equal(3, Dump(disk, new DumpFilter { From = 4, To = 6 }).Count);
        Assert.Equal(12, Dump(disk, new DumpFilter { Kind = MachineKind.HashKey, Name = "lamp" }).Count);
        Assert.Empty(Dump(disk, new DumpFilter { Kind = MachineKind.Queue }));
        Assert.Empty(Dump(disk, new DumpFilter { Name = "door" }));
    }

    [Fact]
    public void What_users_keep_is_shown_only_when_asked_for_and_never_moves_the_cursor()
    {
        var headers = new Headers([KeyValuePair.Create("token", "s3cret")]);
        var payload = Requests.Text("s3cret\u001b[2J");
        var added = new ItemAdded(7, 1, default, default, null, payload, headers, null, default);
        var entry = new LogEntry(
            MachineKind.Queue, "jobs\u001b[2J", added, EntryMark.Begins, Core.Storage.Durability.Always);

        var hidden = EntryText.Of(5, entry, showsPayloads: false);
        var shown = EntryText.Of(5, entry, showsPayloads: true);

        Assert.DoesNotContain("s3cret", hidden, StringComparison.Ordinal);
        Assert.Contains("payload=Text:10 headers=1", hidden, StringComparison.Ordinal);
        Assert.StartsWith(
            "5 queue \"jobs\\u001B[2J\" begins ItemAdded id=7 priority=1", hidden, StringComparison.Ordinal);
        Assert.Contains("payload=Text:10:\"s3cret\\u001B[2J\"", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown);
    }

    [Fact]
    public void A_backup_reads_as_the_log_does_while_a_server_has_it()
    {
        foreach (var disk in new[] { WoundedLog.Fresh(), WoundedLog.WithCheckpoint() })
        {
            using var server = disk.Lock();
            var copy = new SimulatedDisk(seed: 2);

            var report = LogBackup.Run(disk, copy);

            Assert.True(report.IsGood);
            Assert.Equal(Dump(disk, new DumpFilter()), Dump(copy, new DumpFilter()));
            using var restored = new LogDriver(copy);
            Assert.Equal(report.Last, restored.End.Last);
        }
    }

    [Fact]
    public void A_backup_that_was_cut_short_is_no_log_that_a_server_takes_for_whole()
    {
        var source = WoundedLog.WithCheckpoint();
        var whole = new SimulatedDisk(seed: 2);
        LogBackup.Run(source, whole);

        for (var changes = 0; changes < whole.Changes; changes++)
        {
            var copy = new SimulatedDisk(seed: 2);
            copy.CutWithin(changes);
            Assert.Throws<PowerCutException>(() => LogBackup.Run(source, copy));

            var left = copy.Crash(new Random(changes));
            if (left.Files().Count == 0 || IsComplete(left, whole)) continue;
            Assert.Throws<LogDamagedException>(() => new LogDriver(left));
        }
    }

    [Fact]
    public void A_backup_while_a_checkpoint_deletes_segments_is_whole()
    {
        var disk = WoundedLog.Fresh();
        using var files = LogFiles.Open(disk);
        foreach (var name in disk.Files()) disk.Delete(name);

        var read = new List<long>();
        new LogWalk(files, (long position, in LogEntry _) => read.Add(position), onDamage: null).Run();

        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), read);
    }

    private static List<string> Dump(SimulatedDisk disk, DumpFilter filter)
    {
        var lines = new List<string>();
        LogDump.Run(disk, filter, showsPayloads: false, lines.Add);
        return lines;
    }

    private static bool IsComplete(SimulatedDisk left, SimulatedDisk whole) =>
        whole.Files().SequenceEqual(left.Files());
}
