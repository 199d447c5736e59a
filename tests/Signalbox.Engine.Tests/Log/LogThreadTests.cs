using System.Diagnostics;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

/// <summary>The thread that writes the log, from its beginning to its end.</summary>
public sealed class LogThreadTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LogDriver _log = new(new SimulatedDisk(seed: 1));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void It_flushes_what_threads_wait_for()
    {
        using var thread = Start();

        var waiting = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 100; i++) Await(_log.Log.WhenDurableAsync(_log.Append(i)));
        })).ToList();
        waiting.ForEach(one => one.Start());
        waiting.ForEach(one => one.Join());

        Assert.True(_log.Log.IsDurable(400));
    }

    [Fact]
    public void What_nobody_waits_for_is_written_as_it_gathers_and_not_flushed_before_it_is_time()
    {
        using var log = new LogDriver(_log.Disk.Kill(), LogDriver.Small with { FlushInterval = TimeSpan.FromHours(1) });
        // It begins to gather while a flush is on.
        log.Disk.Syncing = () => log.Append(2, Core.Storage.Durability.Interval);
        using var thread = Start(log);
        Await(log.Log.WhenDurableAsync(log.Append(1)));
        log.Disk.Syncing = null;
        var (syncs, written) = (log.Disk.Syncs, log.Disk.BytesWritten);

        for (var i = 0; i < 2; i++) log.AppendLong(i, 1000, durability: Core.Storage.Durability.Interval);

        Assert.True(SpinWait.SpinUntil(() => log.Disk.BytesWritten > written, Patience));
        Assert.Equal(syncs, log.Disk.Syncs);
        Await(log.Log.WhenDurableAsync(log.Append(3)));
        Assert.True(log.Log.IsDurable(log.Log.LastPosition));
    }

    [Fact]
    public void What_is_much_by_itself_is_written_at_once()
    {
        using var log = new LogDriver(_log.Disk.Kill(), LogDriver.Small with { FlushInterval = TimeSpan.FromHours(1) });
        log.AppendAndFlush(1);
        using var thread = Start(log);
        var written = log.Disk.BytesWritten;

        log.AppendLong(2, 2000, durability: Core.Storage.Durability.Interval);

        Assert.True(SpinWait.SpinUntil(() => log.Disk.BytesWritten > written, Patience));
        Assert.False(log.Log.IsDurable(2));
    }

    [Fact]
    public void What_nobody_waits_for_is_flushed_in_time_though_there_is_ever_more()
    {
        // A checkpoint would flush, too.
        var options = LogDriver.Small with
        {
            SegmentBytes = 16 * 1024 * 1024, CheckpointBytes = long.MaxValue, FlushInterval = TimeSpan.FromMilliseconds(100),
        };
        using var log = new LogDriver(_log.Disk.Kill(), options);
        log.AppendAndFlush(1);
        using var thread = Start(log);
        var time = Stopwatch.StartNew();

        var first = log.Append(2, Core.Storage.Durability.Interval);
        while (!log.Log.IsDurable(first) && time.Elapsed < Patience)
        {
            // Before the thread has waited it out, it is woken for more.
            var written = log.Disk.BytesWritten;
            log.AppendLong(3, 2000, durability: Core.Storage.Durability.Interval);
            SpinWait.SpinUntil(() => log.Disk.BytesWritten > written || log.Log.IsDurable(first), Patience);
        }

        Assert.True(log.Log.IsDurable(first));
    }

    [Fact]
    public void What_comes_after_its_end_disturbs_nobody_and_is_written_when_the_log_is_closed()
    {
        using var loop = new LoopThread();
        Start().Dispose();

        var atOnce = Wait();
        Assert.Empty(loop.Posted);
        LoopThread.OnAnother(() => _log.Log.Pump());
        Assert.True(atOnce.IsCompletedSuccessfully);
        var atRoundsEnd = Wait();
        Assert.Equal(1, loop.DoPosted());

        Assert.False(atRoundsEnd.IsCompleted);
        _log.Log.Dispose();
        Assert.True(atRoundsEnd.IsCompletedSuccessfully);
    }

    // Not with await: who waits goes on on the log's thread, which would have to end itself.
    private static void Await(Task task) => SpinWait.SpinUntil(() => task.IsCompleted, Patience);

    private LogThread Start() => Start(_log);

    private static LogThread Start(LogDriver log) => new(log.Log, new Checkpointer(log.Log, () => _ => false), new LogNews());

    private Task Wait() => LoopThread.InTurn(() => _log.Log.WhenDurableAsync(_log.Append(1)));
}
