using Signalbox.Core.Queues;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Format;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Tools;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log.Tools;

public sealed class LogRepairTests
{
    [Fact]
    public void A_good_log_is_left_as_it_is()
    {
        var disk = Written(_ => { });
        var changes = disk.Changes;

        Assert.Null(RepairDriver.Repair(disk));

        Assert.Equal(changes, disk.Changes);
    }

    [Fact]
    public async Task What_is_readable_is_there_again_and_what_is_lost_is_said()
    {
        var disk = Written(_ => { });
        Damage(disk, position: PositionOf(disk, "ItemAdded", 2));

        var report = RepairDriver.Repair(disk)!; // It is damaged.

        Assert.Equal(1, report.Before.LostPositions);
        Assert.Empty(report.LeftOut);
        Assert.True(report.After.IsGood);
        Assert.Equal("jobs:1 jobs:3 mail:1 news:1:a news:2:b news:3:c lamp:off door:open", await ContentAsync(disk));
    }

    [Fact]
    public async Task A_machine_whose_beginning_is_lost_is_left_out_and_counted()
    {
        var disk = Written(_ => { });
        Damage(disk, position: PositionOf(disk, "QueueRestored", 1));

        var report = RepairDriver.Repair(disk)!; // It is damaged.

        Assert.Equal([new LeftOut(MachineKind.Queue, "jobs", 2)], report.LeftOut);
        Assert.DoesNotContain("jobs", await ContentAsync(disk), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_with_a_hole_moves_up_in_a_new_epoch()
    {
        var disk = Written(_ => { });
        var epoch = await EpochAsync(disk);
        Damage(disk, position: PositionOf(disk, "MessagePublished", 2));

        RepairDriver.Repair(disk);

        Assert.Contains("news:1:a news:2:c lamp", await ContentAsync(disk), StringComparison.Ordinal);
        Assert.NotEqual(epoch, await EpochAsync(disk));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_checkpoint_costs_nothing_else(bool isDeleted)
    {
        var disk = Written(driver =>
        {
            driver.TellAll();
            driver.Push("mail", "2");
        });
        Assert.DoesNotContain(WoundedLog.FirstSegment, disk.Files());
        if (isDeleted) disk.Delete(Checkpoint.FileName);
        else disk.Flip(Checkpoint.FileName, 30);
        disk.SyncDirectory();

        var report = RepairDriver.Repair(disk)!; // It is damaged.

        Assert.Empty(report.LeftOut);
        var expected = "jobs:1 jobs:2 jobs:3 mail:1 mail:2 news:1:a news:2:b news:3:c lamp:off door:open";
        Assert.Equal(expected, await ContentAsync(disk));
    }

    [Fact]
    public void The_old_files_are_set_aside_and_a_server_may_not_run()
    {
        var disk = Written(driver => driver.TellAll());
        var old = disk.Files().Where(name => !IsUnwritten(disk, name)).ToDictionary(name => name, disk.Content);
        disk.Flip(Checkpoint.FileName, 30);
        var spoiled = disk.Content(Checkpoint.FileName);
        using (disk.Lock()) Assert.Throws<DirectoryInUseException>(() => RepairDriver.Repair(disk));

        var report = RepairDriver.Repair(disk)!; // It is damaged.

        Assert.Matches("^damaged-20300101-000000$", report.Folder);
        Assert.Equal(spoiled, disk.Content($"{report.Folder}/checkpoint"));
        var segments = old.Keys.Where(name => name != Checkpoint.FileName).ToList();
        Assert.All(segments, name => Assert.Equal(old[name], disk.Content($"{report.Folder}/{name}")));
        Assert.Empty(disk.Files().Intersect(segments));
        Assert.Null(RepairDriver.Repair(disk));
    }

    [Fact]
    public async Task A_crash_at_any_moment_leaves_a_log_that_can_be_repaired_or_is()
    {
        var damaged = Written(driver => driver.TellAll());
        Damage(damaged, position: LogCheck.Run(damaged).Checkpoint!.From + 1);
        var whole = damaged.Kill();
        RepairDriver.Repair(whole);
        var expected = await ContentAsync(whole);
        var changes = whole.Changes - damaged.Kill().Changes;

        for (var change = 0; change < changes; change++)
        {
            var disk = damaged.Kill();
            disk.CutWithin(change);
            Assert.Throws<PowerCutException>(() => RepairDriver.Repair(disk));

            var left = disk.Crash(new Random(change));
            RepairDriver.Repair(left);

            Assert.True(LogCheck.Run(left).IsGood);
            Assert.Equal(expected, await ContentAsync(left));
            Assert.Empty(LogCheck.Run(left).Needless);
        }
    }

    [Fact]
    public async Task What_cannot_have_been_is_left_out_though_every_byte_is_whole()
    {
        var disk = Written(_ => { });
        using (var log = new DiskLog(disk, RepairDriver.Clock, LogOptions.Default))
        {
            log.Read((long _, in LogEntry _, bool _) => { }, onProgress: null);
            var fact = new ItemRemoved(7, RemovalReason.Acknowledged);
            log.Append(new LogEntry(MachineKind.Queue, "mail", fact, EntryMark.None, Core.Storage.Durability.Always));
        }

        Assert.True(LogCheck.Run(disk).IsGood);
        Assert.Throws<RestoreException>(() => new RepairDriver(disk.Kill()));
        var report = RepairDriver.Repair(disk)!; // It cannot be followed.

        Assert.Equal([new LeftOut(MachineKind.Queue, "mail", 1)], report.LeftOut);
        Assert.Contains("mail:1", await ContentAsync(disk), StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_full_disk_nothing_is_changed()
    {
        var disk = Written(_ => { });
        Damage(disk, position: 3);
        var files = disk.Files();
        disk.HasSpace = false;

        Assert.Throws<DiskFullException>(() => RepairDriver.Repair(disk));

        Assert.Equal(files, disk.Files());
    }

    [Fact]
    public async Task Whatever_is_damaged_is_repaired()
    {
        foreach (var tells in new[] { false, true })
        {
            var whole = Written(driver =>
            {
                if (tells) driver.TellAll();
                driver.Push("mail", "2");
                driver.Set("lamp", "dim");
            });
            var random = new Random(1);
            for (var i = 0; i < 60; i++)
            {
                var disk = whole.Kill();
                for (var wounds = random.Next(1, 4); wounds > 0 && disk.Files().Count > 0; wounds--)
                {
                    disk.Wound((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
                }

                if (LogReader.Segments(disk).Count == 0) continue;
                RepairDriver.Repair(disk);

                Assert.True(LogCheck.Run(disk).IsGood);
                await ContentAsync(disk);
            }
        }
    }

    // Three items, one in another queue, three messages, and two keys of which one was set twice.
    private static SimulatedDisk Written(Action<RepairDriver> more)
    {
        using var driver = new RepairDriver(new SimulatedDisk(seed: 1));
        for (var i = 1; i <= 3; i++) driver.Push("jobs", $"{i}");
        driver.Set("lamp", "on");
        driver.Push("mail", "1");
        foreach (var text in new[] { "a", "b", "c" }) driver.Publish("news", text);
        driver.Set("lamp", "off");
        driver.Set("door", "open");
        more(driver);
        driver.Set("door", "open");
        return driver.Disk.Kill();
    }

    private static async Task<string> ContentAsync(SimulatedDisk disk)
    {
        using var driver = new RepairDriver(disk.Kill());
        return await driver.ContentAsync();
    }

    private static async Task<string> EpochAsync(SimulatedDisk disk)
    {
        using var driver = new RepairDriver(disk.Kill());
        return (await driver.Engine.Channel("news").HistoryAsync(new(0, 1, Reverse: false), default)).Position.Epoch;
    }

    private static long PositionOf(SimulatedDisk disk, string fact, int occurrence)
    {
        var lines = new List<string>();
        LogDump.Run(disk, new DumpFilter(), showsPayloads: false, lines.Add);
        var told = lines.Where(line => line.Contains($" {fact} ", StringComparison.Ordinal));
        return long.Parse(told.ElementAt(occurrence - 1).Split(' ')[0]);
    }

    // Spoils the frame that holds this position.
    private static void Damage(SimulatedDisk disk, long position)
    {
        foreach (var number in LogReader.Segments(disk))
        {
            using var reader = new SegmentReader(disk, SegmentHeader.NameOf(number));
            for (var offset = reader.Offset; reader.TryRead(out var frame, out _); offset = reader.Offset)
            {
                if (frame.First > position || frame.Last < position) continue;

                disk.Flip(reader.Name, offset + FrameHeader.Size + 1);
                return;
            }
        }
    }

    private static bool IsUnwritten(SimulatedDisk disk, string name) => disk.Content(name).All(value => value == 0);
}
