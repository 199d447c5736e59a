using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

/// <summary>What happens when the disk is full, or breaks.</summary>
public sealed class LogFailureTests : IDisposable
{
    private readonly LogDriver _log = new(new SimulatedDisk(seed: 1));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Without_space_ahead_there_is_no_room_until_space_comes_back()
    {
        _log.Disk.HasSpace = false;
        // The reserved segment becomes the current one, and no other can be reserved.
        _log.AppendAndFlush(1);
        _log.Log.Reserve();
        Assert.False(_log.Log.HasRoom);
        Assert.NotNull(_log.Log.NoReserve);

        _log.Disk.HasSpace = true;
        _log.Log.Reserve();

        Assert.True(_log.Log.HasRoom);
        Assert.Null(_log.Log.NoReserve);
    }

    [Fact]
    public void What_was_begun_before_the_disk_was_full_is_still_written()
    {
        _log.AppendAndFlush(1);
        _log.Disk.HasSpace = false;

        _log.AppendAndFlush(2);

        using var again = _log.AfterPowerCut(seed: 1);
        Assert.Equal([1L, 2L], again.Read.Values);
    }

    [Fact]
    public void What_does_not_fit_on_a_full_disk_waits_for_space()
    {
        _log.AppendAndFlush(1);
        _log.Log.Reserve();
        _log.Disk.HasSpace = false;
        for (var i = 2; i <= 9; i++) _log.AppendLong(i, 1000);
        var waiting = _log.Log.WhenDurableAsync(9);
        Assert.False(_log.Log.Pump());
        Assert.False(_log.Log.HasRoom);
        Assert.False(waiting.IsCompleted);

        _log.Disk.HasSpace = true;

        Assert.True(_log.Log.Pump());
        Assert.True(waiting.IsCompletedSuccessfully);
        using var again = _log.AfterPowerCut(seed: 1);
        Assert.Equal(9, again.Read.Count);
    }

    [Fact]
    public async Task A_failed_flush_stops_the_log_and_everybody_who_waits_is_told()
    {
        _log.AppendAndFlush(1);
        var written = _log.Log.WhenDurableAsync(_log.Append(2));
        _log.Disk.FailNextSync();

        Assert.False(_log.Log.Pump());
        var late = _log.Log.WhenDurableAsync(_log.Append(3));

        await Assert.ThrowsAsync<LogFailedException>(() => written);
        await Assert.ThrowsAsync<LogFailedException>(() => late);
        Assert.False(_log.Log.HasRoom);
        Assert.NotNull(_log.Log.Failure);
        Assert.False(_log.Log.Pump());
        Assert.True(_log.Log.WhenDurableAsync(1).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_failed_write_stops_the_log_and_nothing_of_it_counts_later()
    {
        _log.AppendAndFlush(1);
        var written = _log.Log.WhenDurableAsync(_log.Append(2));
        _log.Disk.FailNextWrite();

        Assert.False(_log.Log.Pump());

        await Assert.ThrowsAsync<LogFailedException>(() => written);
        using var again = _log.AfterKill();
        Assert.Equal([1L], again.Read.Values);
    }

    [Fact]
    public void More_than_may_wait_is_refused_until_the_disk_has_caught_up()
    {
        for (var i = 1; i <= 3; i++) _log.AppendLong(i, 500);
        Assert.False(_log.Log.HasRoom);

        _log.Log.Pump();

        Assert.True(_log.Log.HasRoom);
    }

    [Fact]
    public void A_log_that_starts_on_a_full_disk_can_be_read()
    {
        _log.AppendAndFlush(1, 2);
        var disk = _log.Disk.Kill();
        disk.HasSpace = false;

        using var again = new LogDriver(disk);

        Assert.Equal([1L, 2L], again.Read.Values);
        Assert.False(again.Log.HasRoom);
    }
}
