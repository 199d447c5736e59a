using Signalbox.Engine.Embedded.Disks;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

public sealed class DiskLogTests : IDisposable
{
    private readonly LogDriver _log = new(new SimulatedDisk(seed: 1));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void What_was_flushed_is_read_back_in_its_order()
    {
        _log.AppendAndFlush(10, 20);
        _log.AppendAndFlush(30);

        using var again = _log.AfterPowerCut(seed: 1);

        Assert.Equal([(1, 10), (2, 20), (3, 30)], again.Read.Select(entry => (entry.Key, entry.Value)));
        Assert.Equal(3, again.End.Last);
        Assert.Null(again.End.Torn);
    }

    [Fact]
    public void Positions_go_on_where_the_log_ended()
    {
        _log.AppendAndFlush(10, 20);

        using var again = _log.AfterPowerCut(seed: 1);

        Assert.Equal(3, again.Append(30));
    }

    [Fact]
    public void One_flush_serves_everybody_who_waits()
    {
        var before = _log.Disk.Syncs;
        var waiting = Enumerable.Range(1, 100).Select(i => _log.Log.WhenDurableAsync(_log.Append(i))).ToArray();
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        _log.Log.Pump();

        Assert.All(waiting, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Equal(1, _log.Disk.Syncs - before);
    }

    [Fact]
    public void To_write_a_frame_the_file_is_not_asked_how_long_it_is()
    {
        _log.AppendAndFlush(1);
        var before = _log.Disk.LengthsAsked;

        _log.AppendAndFlush(2);

        // On Linux whoever looks at a file makes the next write stamp it anew, and the next flush write the stamp.
        Assert.Equal(before, _log.Disk.LengthsAsked);
    }

    [Fact]
    public void Nothing_is_durable_before_the_flush_that_covers_it()
    {
        var first = _log.Append(1);
        _log.Log.Pump();
        var second = _log.Append(2);

        Assert.True(_log.Log.IsDurable(first));
        Assert.False(_log.Log.IsDurable(second));
        Assert.False(_log.Log.WhenDurableAsync(second).IsCompleted);
    }

    [Fact]
    public void Only_what_somebody_waits_for_is_urgent()
    {
        _log.Append(1, Core.Storage.Durability.Interval);
        Assert.False(_log.Log.IsUrgent);

        _log.Append(2, Core.Storage.Durability.Always);
        Assert.True(_log.Log.IsUrgent);

        _log.Log.Pump();
        Assert.False(_log.Log.IsUrgent);
    }

    [Fact]
    public void Listeners_are_told_before_those_who_wait()
    {
        var order = new List<string>();
        _log.Log.OnDurable(() => order.Add("listener"));
        var waiting = Wait(_log.Log.WhenDurableAsync(_log.Append(1)));

        _log.Log.Pump();

        Assert.True(waiting.IsCompleted);
        Assert.Equal(["listener", "waiter"], order);

        async Task Wait(Task durable)
        {
            await durable;
            order.Add("waiter");
        }
    }

    [Fact]
    public void A_segment_that_is_full_is_followed_by_the_next()
    {
        for (var i = 1; i <= 20; i++)
        {
            _log.AppendLong(i, 1000);
            Assert.True(_log.Log.Pump());
        }

        using var again = _log.AfterPowerCut(seed: 1);

        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), again.Read.Values);
        Assert.True(again.End.LastSegment >= 5);
    }

    [Fact]
    public void An_entry_longer_than_a_segment_has_a_segment_of_its_own()
    {
        _log.AppendAndFlush(1);
        _log.AppendLong(2, 20_000);
        Assert.True(_log.Log.Pump());
        _log.AppendAndFlush(3);

        using var again = _log.AfterPowerCut(seed: 1);

        Assert.Equal([1L, 2L, 3L], again.Read.Values);
    }

    [Fact]
    public void A_log_that_was_closed_says_so_when_it_is_read()
    {
        Assert.False(_log.End.WasClosed);
        _log.AppendAndFlush(1);
        using var killed = _log.AfterKill();
        killed.Append(2);

        using var closed = killed.AfterClosing();
        using var still = closed.AfterClosing();

        Assert.False(killed.End.WasClosed);
        Assert.True(closed.End.WasClosed);
        Assert.Equal([1L, 2L], closed.Read.Values);
        Assert.True(still.End.WasClosed);
    }

    [Fact]
    public void A_second_holder_is_kept_out()
    {
        Assert.Throws<DirectoryInUseException>(() => new LogDriver(_log.Disk));
    }

    [Fact]
    public void Starts_and_stops_without_news_leave_nothing_behind()
    {
        _log.AppendAndFlush(1);
        using var closed = _log.AfterClosing();
        var files = closed.Disk.Files().Count;

        using var again = closed.AfterClosing();
        using var last = again.AfterClosing();

        Assert.Equal(files, last.Disk.Files().Count);
    }
}
