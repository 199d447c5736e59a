using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.Gates;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

/// <summary>Which loop flushes itself what it has appended, and which leaves that to the log's thread.</summary>
public sealed class RoundFlushTests : IDisposable
{
    private const int Many = 20;

    private readonly LogDriver _log = new(new SimulatedDisk(seed: 1));
    private readonly LoopThread _loop = new();
    private readonly Gate _writer = new(GateRank.LogWriter);
    private readonly Checkpointer _checkpointer;
    private readonly RoundFlush _flush;
    private int _wakes;
    private int _leftToThread;
    private int _flushedThemselves;
    private bool _isTelling = true;

    public RoundFlushTests()
    {
        _checkpointer = new Checkpointer(_log.Log, () => _ => _isTelling);
        _flush = new RoundFlush(_log.Log, _checkpointer, _writer, () => _wakes++);
        _log.Log.OnWork(isUrgent =>
        {
            if (!isUrgent || !_flush.TryTake()) _leftToThread++;
        });
    }

    public void Dispose()
    {
        _loop.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void A_loop_that_has_nothing_else_to_do_flushes_at_the_end_of_its_round()
    {
        GetAlone();

        var waiting = AppendInTurns(3);
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        Assert.Equal(1, _loop.DoPosted());

        Assert.All(waiting, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Equal((0, 0), (_leftToThread, _wakes));
    }

    [Fact]
    public void A_loop_that_does_something_else_leaves_it_to_the_logs_thread_at_once()
    {
        GetAlone();

        // One turn in two has nothing to do with the log.
        Assert.True(FlushesItself());
        LoopThread.InTurn(() => 0);
        AppendInTurns(1);

        Assert.Empty(_loop.Posted);
        Assert.Equal(1, _leftToThread);
    }

    [Fact]
    public void However_much_is_appended_in_one_turn_it_is_one_turn()
    {
        GetAlone();
        LoopThread.InTurn(() => Enumerable.Range(0, 8).Select(n => _log.Log.WhenDurableAsync(_log.Append(n))).ToArray());
        for (var other = 0; other < 2; other++) LoopThread.InTurn(() => 0);
        _loop.DoPosted();

        AppendInTurns(1);

        Assert.Empty(_loop.Posted);
    }

    [Fact]
    public void It_takes_some_rounds_alone_until_a_loop_flushes_itself_again_and_until_then_it_wakes_the_thread_at_their_end()
    {
        GetAlone();
        Assert.True(FlushesItself());
        LoopThread.InTurn(() => 0);
        AppendInTurns(1);
        PumpElsewhere();

        for (var round = 1; round < 8; round++)
        {
            Assert.False(FlushesItself());
            Assert.Equal(round, _wakes);
            PumpElsewhere();
        }

        Assert.True(FlushesItself());
    }

    [Fact]
    public void A_disk_that_is_slow_holds_up_no_loop_more_than_once()
    {
        GetAlone();
        _log.Disk.Syncing = () => _log.Clock.Pass(TimeSpan.FromMilliseconds(2));
        Assert.True(FlushesItself());

        Assert.False(FlushesItself());

        _log.Disk.Syncing = null;
        PumpElsewhere();
        Assert.True(FlushesItself());
    }

    [Fact]
    public void What_several_threads_have_appended_is_gathered_by_the_logs_thread()
    {
        GetAlone();
        AppendInTurns(1);
        LoopThread.OnAnother(() => _log.Append(1));
        _loop.DoPosted();

        Assert.False(FlushesItself());
        PumpElsewhere();

        GetAlone();
    }

    [Fact]
    public void Two_loops_that_take_turns_are_not_alone()
    {
        using var myRound = new SemaphoreSlim(1);
        using var itsRound = new SemaphoreSlim(0);
        var thread = new Thread(() =>
        {
            using var other = new LoopThread();
            AppendInRounds(other, itsRound, myRound);
        });
        thread.Start();

        AppendInRounds(_loop, myRound, itsRound);
        thread.Join();

        Assert.Equal(0, _flushedThemselves);
    }

    [Fact]
    public void While_everything_is_told_again_the_logs_thread_flushes()
    {
        GetAlone();
        _checkpointer.Begin();
        Assert.False(FlushesItself());
        PumpElsewhere();

        _isTelling = false;
        _checkpointer.Step(isBusy: true);
        Assert.False(_checkpointer.IsUnderWay);
        Assert.True(FlushesItself());
    }

    [Fact]
    public void Where_no_segment_is_ready_the_logs_thread_is_woken()
    {
        GetAlone();
        _log.Disk.HasSpace = false;
        // Longer than a segment has left: the one that was ready is taken.
        Append(bytes: 3000);
        Append(bytes: 3000);
        Assert.False(_log.Log.HasReserve);
        var before = _wakes;

        var waiting = AppendInTurns(1);
        _loop.DoPosted();

        Assert.False(waiting[0].IsCompleted);
        Assert.Equal(before + 1, _wakes);
        _log.Disk.HasSpace = true;
        PumpElsewhere();
        Assert.True(waiting[0].IsCompletedSuccessfully);
    }

    [Fact]
    public void A_log_that_has_grown_enough_wakes_its_thread_to_tell_everything_again()
    {
        GetAlone();

        for (var i = 0; i < 4 && _wakes == 0; i++)
        {
            Append(bytes: 3000);
            _log.Log.Reserve();
        }

        Assert.True(_checkpointer.IsDue);
        Assert.Equal(1, _wakes);
    }

    [Fact]
    public void A_failed_flush_wakes_the_thread_that_tells_of_it()
    {
        GetAlone();
        var waiting = AppendInTurns(1);

        _log.Disk.FailNextSync();
        _loop.DoPosted();

        Assert.True(waiting[0].IsFaulted);
        Assert.Equal(1, _wakes);
    }

    [Fact]
    public void What_somebody_else_has_flushed_is_not_flushed_again_and_after_the_end_nothing_is()
    {
        GetAlone();
        AppendInTurns(1);
        PumpElsewhere();
        var before = _log.Disk.Syncs;
        Assert.Equal(1, _loop.DoPosted());

        AppendInTurns(1);
        _flush.Stop();
        Assert.Equal(1, _loop.DoPosted());

        Assert.Equal(before, _log.Disk.Syncs);
        Assert.Equal(0, _wakes);
        Assert.True(_log.Log.IsUrgent);
    }

    // As the log's thread does.
    private void PumpElsewhere() => LoopThread.OnAnother(() => _log.Log.Pump());

    // Rounds with nothing else in them, until the loop flushes itself.
    private void GetAlone()
    {
        var round = 0;
        for (; round < Many && !FlushesItself(); round++) PumpElsewhere();

        Assert.True(round < Many);
        (_leftToThread, _wakes) = (0, 0);
    }

    // What is appended in a round of one turn.
    private bool FlushesItself()
    {
        var waiting = AppendInTurns(1);
        _loop.DoPosted();
        return waiting[0].IsCompletedSuccessfully;
    }

    private void AppendInRounds(LoopThread loop, SemaphoreSlim mine, SemaphoreSlim next)
    {
        for (var round = 0; round < Many; round++)
        {
            mine.Wait();
            AppendInTurns(1);
            loop.DoPosted();
            if (!_log.Log.IsUrgent) _flushedThemselves++;
            PumpElsewhere();
            next.Release();
        }
    }

    private Task[] AppendInTurns(int count) =>
        [.. Enumerable.Range(0, count).Select(n => LoopThread.InTurn(() => _log.Log.WhenDurableAsync(_log.Append(n))))];

    private void Append(int bytes)
    {
        LoopThread.InTurn(() => _log.Log.WhenDurableAsync(_log.AppendLong(0, bytes)));
        _loop.DoPosted();
    }
}
