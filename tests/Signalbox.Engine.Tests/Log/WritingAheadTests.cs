using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

/// <summary>What nobody waits for is written as it gathers, and flushed later, together.</summary>
public sealed class WritingAheadTests : IDisposable
{
    private readonly LogDriver _log = new(new SimulatedDisk(seed: 1));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Many_frames_are_written_and_one_flush_makes_them_durable()
    {
        _log.AppendAndFlush(1);
        var (syncs, written) = (_log.Disk.Syncs, _log.Disk.BytesWritten);

        for (var i = 2; i <= 4; i++) _log.WriteAhead(i, 600);
        var waiting = Enumerable.Range(2, 3).Select(position => _log.Log.WhenDurableAsync(position)).ToArray();

        Assert.InRange(_log.Disk.BytesWritten - written, 1800, 2400);
        Assert.InRange(_log.Log.WaitingBytes, 1800, 2400);
        Assert.Equal(syncs, _log.Disk.Syncs);
        Assert.True(_log.Log.HasWork);
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        Assert.True(_log.Log.Pump());

        Assert.Equal(syncs + 1, _log.Disk.Syncs);
        Assert.All(waiting, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.False(_log.Log.HasWork);
        Assert.Equal(0, _log.Log.WaitingBytes);
        Assert.False(_log.Log.Pump());
        using var again = _log.AfterPowerCut(seed: 1);
        Assert.Equal([1L, 2L, 3L, 4L], again.Read.Values);
    }

    [Fact]
    public void What_is_flushed_next_covers_what_came_after_it_was_written()
    {
        _log.WriteAhead(1, 100);
        var waiting = _log.Log.WhenDurableAsync(_log.Append(2));

        Assert.True(_log.Log.Pump());

        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.True(_log.Log.IsDurable(2));
    }

    [Fact]
    public void What_somebody_waits_for_is_flushed_and_not_only_written()
    {
        _log.Append(1, Core.Storage.Durability.Interval);
        _log.Append(2);

        Assert.False(_log.Log.WriteAhead());

        Assert.True(_log.Log.IsUrgent);
        Assert.False(_log.Log.IsMuch);
    }

    [Fact]
    public void Whatever_a_power_cut_leaves_of_several_frames_a_beginning_of_them_is_read_and_the_log_goes_on()
    {
        var ends = new HashSet<long>();
        for (var seed = 0; seed < 300; seed++)
        {
            using var log = new LogDriver(new SimulatedDisk(seed));
            log.AppendAndFlush(1);
            // Into the next segment, too.
            for (var i = 2; i <= 9; i++) log.WriteAhead(i, 700);

            using var again = log.AfterPowerCut(seed + 1000);
            Assert.Equal(Enumerable.Range(1, (int)again.End.Last).Select(i => (long)i), again.Read.Values);
            ends.Add(again.End.Last);
            var next = again.End.Last + 1;
            again.AppendAndFlush(next, next + 1);

            using var last = again.AfterPowerCut(seed + 2000);
            Assert.Equal(Enumerable.Range(1, (int)next + 1).Select(i => (long)i), last.Read.Values);
        }

        // What was written to the first segment was flushed before the second was begun.
        Assert.Equal([6L, 7L, 8L, 9L], ends.Order());
    }

    [Fact]
    public void Power_cuts_one_after_the_other_before_anything_was_flushed_leave_a_log_that_can_be_opened()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            using var log = new LogDriver(new SimulatedDisk(seed));
            // The second has the next segment reserved, and nothing in the first is durable.
            for (var i = 1; i <= 2; i++) log.WriteAhead(i, 100);
            var disk = log.Disk.Crash(new Random(seed + 1000));
            disk.CutWithin(seed % 5);
            Open(disk);

            using var last = new LogDriver(disk.Crash(new Random(seed + 2000)));

            Assert.InRange(last.End.Last, 0, 2);
        }

        static void Open(SimulatedDisk disk)
        {
            try
            {
                new LogDriver(disk).Dispose();
            }
            catch (PowerCutException)
            {
                // Wherever that was.
            }
        }
    }

    [Fact]
    public void What_there_was_no_space_for_is_written_first_when_there_is()
    {
        _log.AppendAndFlush(1);
        _log.Log.Reserve();
        _log.Disk.HasSpace = false;
        for (var i = 2; i <= 9; i++) _log.AppendLong(i, 1000, durability: Core.Storage.Durability.Interval);
        Assert.False(_log.Log.WriteAhead());
        Assert.False(_log.Log.HasRoom);
        var late = _log.Log.WhenDurableAsync(_log.Append(10));
        Assert.False(_log.Log.WriteAhead());
        Assert.False(_log.Log.Pump());
        Assert.False(late.IsCompleted);

        _log.Disk.HasSpace = true;

        Assert.True(_log.Log.Pump());
        Assert.True(late.IsCompletedSuccessfully);
        Assert.False(_log.Log.HasWork);
        using var again = _log.AfterPowerCut(seed: 1);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), again.Read.Values);
    }

    [Fact]
    public void Nothing_is_written_ahead_while_a_flush_waits_for_space()
    {
        _log.AppendAndFlush(1);
        _log.Log.Reserve();
        _log.Disk.HasSpace = false;
        for (var i = 2; i <= 9; i++) _log.AppendLong(i, 1000);
        var waiting = _log.Log.WhenDurableAsync(9);
        Assert.False(_log.Log.Pump());
        _log.Append(10, Core.Storage.Durability.Interval);

        _log.Disk.HasSpace = true;

        Assert.False(_log.Log.WriteAhead());
        Assert.True(_log.Log.Pump());
        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.True(_log.Log.HasWork);
        Assert.True(_log.Log.WriteAhead());
        Assert.True(_log.Log.Pump());
        Assert.True(_log.Log.IsDurable(10));
    }

    [Fact]
    public void Much_is_said_once_until_it_is_written_and_who_has_written_ahead_is_not_told_of_more()
    {
        var told = new List<bool>();
        _log.Log.OnWork(told.Add);

        _log.AppendLong(1, 250, durability: Core.Storage.Durability.Interval);
        Assert.Equal([false], told);
        _log.AppendLong(2, 250, durability: Core.Storage.Durability.Interval);
        _log.AppendLong(3, 250, durability: Core.Storage.Durability.Interval);
        Assert.Equal([false, false], told);
        Assert.True(_log.Log.IsMuch);

        _log.Log.WriteAhead();
        Assert.False(_log.Log.IsMuch);
        _log.Append(4, Core.Storage.Durability.Interval);
        Assert.Equal(2, told.Count);

        _log.Log.Pump();
        _log.Append(5, Core.Storage.Durability.Interval);
        Assert.Equal([false, false, false], told);
    }

    [Fact]
    public void With_small_segments_it_is_much_before_it_is_refused()
    {
        using var log = new LogDriver(new SimulatedDisk(seed: 1), new LogOptions { SegmentBytes = 4096 });

        while (!log.Log.IsMuch) log.AppendLong(1, 100, durability: Core.Storage.Durability.Interval);

        Assert.True(log.Log.HasRoom);
    }

    [Fact]
    public void More_than_may_wait_is_taken_again_when_it_is_written()
    {
        for (var i = 1; i <= 3; i++) _log.AppendLong(i, 500, durability: Core.Storage.Durability.Interval);
        Assert.False(_log.Log.HasRoom);

        _log.Log.WriteAhead();

        Assert.True(_log.Log.HasRoom);
    }

    [Fact]
    public async Task A_flush_that_finds_no_space_is_not_tried_again()
    {
        for (var i = 1; i <= 3; i++) _log.WriteAhead(i, 1000);
        _log.AppendLong(4, 1000);
        var waiting = _log.Log.WhenDurableAsync(4);
        // It comes before the next segment is begun.
        _log.Disk.Syncing = () => throw new DiskFullException("No space is left.", null);

        Assert.False(_log.Log.Pump());
        _log.Disk.Syncing = null;

        // What the kernel could not write it forgets, and the next flush would not say so.
        await Assert.ThrowsAsync<LogFailedException>(() => waiting);
        Assert.False(_log.Log.Pump());
    }

    [Fact]
    public void A_log_is_closed_with_all_that_was_written_ahead()
    {
        _log.WriteAhead(1, 100);
        _log.WriteAhead(2, 100);

        using var closed = _log.AfterClosing();

        Assert.True(closed.End.WasClosed);
        Assert.Equal([1L, 2L], closed.Read.Values);
    }
}
