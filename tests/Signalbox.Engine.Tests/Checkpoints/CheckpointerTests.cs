using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Tests.Log;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Checkpoints;

/// <summary>When the log is told again, and what is read afterwards.</summary>
public sealed class CheckpointerTests
{
    [Fact]
    public void Reading_begins_at_the_last_complete_checkpoint_and_what_is_older_is_deleted()
    {
        using var log = Filled(entries: 12);
        var checkpointer = Telling(log, [101, 102]);
        checkpointer.Begin();
        Finish(log, checkpointer);
        log.AppendAndFlush(13);

        using var again = log.AfterPowerCut(seed: 1);

        Assert.Equal([101L, 102L, 13L], again.Read.Values);
        Assert.Equal([13L, 14L], again.ReadWhileTold);
        Assert.DoesNotContain("log-0000000001", again.Disk.Files());
    }

    [Fact]
    public void News_between_the_portions_are_read_in_their_order()
    {
        using var log = Filled(entries: 2);
        var checkpointer = Telling(log, [101, 102, 103]);
        checkpointer.Begin();
        checkpointer.Step(isBusy: true);
        log.AppendAndFlush(3);
        checkpointer.Step(isBusy: true);
        log.AppendAndFlush(4);
        Finish(log, checkpointer);

        using var again = log.AfterPowerCut(seed: 1);

        Assert.Equal([101L, 3L, 102L, 4L, 103L], again.Read.Values);
        Assert.Equal(5, again.ReadWhileTold.Count);
    }

    [Fact]
    public void What_an_unfinished_checkpoint_told_does_not_count()
    {
        using var log = Filled(entries: 2);
        var checkpointer = Telling(log, [101, 102, 103]);
        checkpointer.Begin();
        checkpointer.Step(isBusy: true);
        log.AppendAndFlush(3);
        checkpointer.Step(isBusy: true);
        log.Log.Pump();

        using var again = log.AfterPowerCut(seed: 1);

        Assert.Equal([1L, 2L, 3L], again.Read.Values);
        Assert.Empty(again.ReadWhileTold);
    }

    [Fact]
    public void A_checkpoint_counts_only_when_all_that_it_told_is_durable()
    {
        using var log = Filled(entries: 2);
        var checkpointer = Telling(log, [101]);
        checkpointer.Begin();
        checkpointer.Step(isBusy: true);
        checkpointer.Step(isBusy: true);
        Assert.True(checkpointer.IsUnderWay);

        using var again = log.AfterPowerCut(seed: 1);

        Assert.Equal([1L, 2L], again.Read.Values);
    }

    [Fact]
    public void It_is_due_when_twice_as_much_news_came_as_there_was_to_tell()
    {
        using var log = Filled(entries: 5);
        var checkpointer = Telling(log, [.. Enumerable.Range(1, 400)]);
        Assert.False(checkpointer.IsDue);
        Fill(log, entries: 5);
        Assert.True(checkpointer.IsDue);
        checkpointer.Step(isBusy: false);
        Finish(log, checkpointer);
        var told = log.Log.Checkpoint.Bytes;
        Assert.True(told > LogDriver.Small.CheckpointBytes / 2, $"{told} bytes were told.");

        while (!checkpointer.IsDue) Fill(log, entries: 1);

        Assert.True(log.Log.NewsBytes > 2 * told);
        Assert.True(log.Log.NewsBytes < 2 * told + 2000);
    }

    [Fact]
    public void Files_stay_bounded_however_much_is_written()
    {
        using var log = Filled(entries: 1);
        var checkpointer = Telling(log, [101, 102, 103]);
        for (var i = 0; i < 300; i++)
        {
            Fill(log, entries: 1);
            checkpointer.Step(isBusy: false);
        }

        Assert.True(log.Disk.Files().Count < 10, $"There are {log.Disk.Files().Count} files.");
    }

    [Fact]
    public void On_a_full_disk_it_waits_unless_half_a_segment_is_left()
    {
        using var log = Filled(entries: 12);
        log.Log.Reserve();
        log.Disk.HasSpace = false;
        log.AppendLong(13, 3000);
        log.Log.Pump();
        log.Log.Reserve();
        Assert.False(log.Log.HasRoom);
        var checkpointer = Telling(log, [101]);
        checkpointer.Begin();

        for (var i = 0; i < 4; i++)
        {
            checkpointer.Step(isBusy: false);
            log.Log.Pump();
        }

        // There was not half a segment left, so it waits; with space it goes on.
        Assert.True(checkpointer.IsUnderWay);
        log.Disk.HasSpace = true;
        log.Log.Reserve();
        Finish(log, checkpointer);
        Assert.DoesNotContain("log-0000000001", log.Disk.Files());
    }

    [Fact]
    public void A_crash_at_any_change_of_the_disk_leaves_the_old_or_the_new_checkpoint()
    {
        var seen = new HashSet<string>();
        for (var seed = 0; seed < 60; seed++)
        {
            using var log = Filled(entries: 12);
            var checkpointer = Telling(log, [101]);
            log.Disk.CutWithin(seed % 8);
            try
            {
                checkpointer.Begin();
                Finish(log, checkpointer);
            }
            catch (IOException)
            {
                // Where the power went.
            }

            using var again = log.AfterPowerCut(seed);
            seen.Add(string.Join(' ', again.Read.Values));
        }

        Assert.Equal(["1 2 3 4 5 6 7 8 9 10 11 12", "101"], seen.Order());
    }

    [Fact]
    public void A_portion_of_long_entries_is_a_short_one()
    {
        using var log = Filled(entries: 1);
        var told = 0;
        var checkpointer = new Checkpointer(log.Log, () => _ =>
        {
            log.AppendLong(++told, 300_000, EntryMark.Told);
            return told < 100;
        });
        checkpointer.Begin();

        checkpointer.Step(isBusy: false);

        Assert.InRange(told, 1, 5);
        Assert.True(log.Log.HasRoom, "Nobody is refused for what a checkpoint tells.");
    }

    [Fact]
    public void Old_files_that_cannot_be_deleted_stop_nothing_and_go_with_the_next_checkpoint()
    {
        using var log = Filled(entries: 12);
        log.Disk.KeepsFiles = true;
        var checkpointer = Telling(log, [101]);
        checkpointer.Begin();
        Finish(log, checkpointer);

        Assert.Null(log.Log.Failure);
        Assert.Contains("log-0000000001", log.Disk.Files());
        log.Disk.KeepsFiles = false;
        Fill(log, entries: 12);
        checkpointer.Begin();
        Finish(log, checkpointer);
        Assert.DoesNotContain("log-0000000001", log.Disk.Files());
    }

    [Fact]
    public void A_checkpoint_that_finds_no_space_for_its_file_says_so_until_there_is_some()
    {
        using var log = Filled(entries: 2);
        var checkpointer = Telling(log, [101]);
        checkpointer.Begin();
        checkpointer.Step(isBusy: true);
        log.Log.Pump();
        log.Disk.HasSpace = false;

        checkpointer.Step(isBusy: true);

        Assert.True(checkpointer is { IsStuck: true, IsUnderWay: true });
        Assert.Null(log.Log.Failure);
        log.Disk.HasSpace = true;
        Finish(log, checkpointer);
        Assert.False(checkpointer.IsStuck);
    }

    private static LogDriver Filled(int entries)
    {
        var log = new LogDriver(new SimulatedDisk(seed: 1));
        Fill(log, entries);
        return log;
    }

    private static void Fill(LogDriver log, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            log.AppendLong(log.Log.LastPosition + 1, 1000);
            Assert.True(log.Log.Pump());
        }
    }

    private static Checkpointer Telling(LogDriver log, int[] numbers) => new(log.Log, () =>
    {
        var left = new Queue<int>(numbers);
        var toldInStep = 0;
        return portion =>
        {
            Assert.True(portion > 0);
            // One of many machines that has something to tell, as it were.
            if (toldInStep++ % 8 == 0 && left.TryDequeue(out var number)) log.Append(number, mark: EntryMark.Told);

            return left.Count > 0;
        };
    });

    private static void Finish(LogDriver log, Checkpointer checkpointer)
    {
        for (var i = 0; checkpointer.IsUnderWay; i++)
        {
            checkpointer.Step(isBusy: true);
            log.Log.Pump();
            if (log.Log.Failure is { } failure) throw failure;
            Assert.True(i < 1000, "The checkpoint does not come to an end.");
        }
    }
}
