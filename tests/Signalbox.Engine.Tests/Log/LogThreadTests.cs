using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

/// <summary>The thread that writes the log, from its beginning to its end.</summary>
public sealed class LogThreadTests : IDisposable
{
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
    private static void Await(Task task) => SpinWait.SpinUntil(() => task.IsCompleted, TimeSpan.FromSeconds(30));

    private LogThread Start() => new(_log.Log, new Checkpointer(_log.Log, () => _ => false), new LogNews());

    private Task Wait() => LoopThread.InTurn(() => _log.Log.WhenDurableAsync(_log.Append(1)));
}
