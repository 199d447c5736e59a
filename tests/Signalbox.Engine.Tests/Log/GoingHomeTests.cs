using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Engine.Tests.Log;

/// <summary>On which thread those go on who have waited for the log.</summary>
public sealed class GoingHomeTests : IDisposable
{
    private const int Many = 16;

    private readonly LogDriver _log = new(new SimulatedDisk(seed: 1));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Many_of_one_loop_go_on_there_by_one_call()
    {
        using var loop = new LoopThread();
        var waiting = Wait(Many);

        PumpElsewhere();
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        Assert.Equal(1, loop.DoPosted());

        Assert.All(waiting, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public void A_few_go_on_where_it_was_flushed()
    {
        using var loop = new LoopThread();
        var waiting = Wait(Many - 1);

        PumpElsewhere();

        Assert.Empty(loop.Posted);
        Assert.All(waiting, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public void Those_of_the_loop_that_flushes_go_on_at_once()
    {
        using var loop = new LoopThread();
        var waiting = Wait(Many);

        _log.Log.Pump();

        Assert.Empty(loop.Posted);
        Assert.All(waiting, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public void Each_loop_gets_its_own_and_who_has_none_goes_on_where_it_was_flushed()
    {
        using var loop = new LoopThread();
        var mine = Wait(Many);
        var others = Array.Empty<Task>();
        LoopThread? other = null;
        var nobodys = Array.Empty<Task>();
        LoopThread.OnAnother(() =>
        {
            nobodys = Wait(Many);
            other = new LoopThread();
            others = Wait(Many);
        });

        PumpElsewhere();
        Assert.All(nobodys, task => Assert.True(task.IsCompletedSuccessfully));
        loop.DoPosted();
        Assert.All(mine, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.All(others, task => Assert.False(task.IsCompleted));

        Assert.Equal(1, other!.DoPosted()); // Made above.
        Assert.All(others, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public void Whoever_waits_for_what_is_never_written_is_told_whichever_loop_it_is_of()
    {
        using var loop = new LoopThread();
        var waiting = Wait(Many);

        _log.Disk.FailNextSync();
        PumpElsewhere();

        Assert.All(waiting, task => Assert.True(task.IsFaulted));
    }

    private void PumpElsewhere() => LoopThread.OnAnother(() => _log.Log.Pump());

    private Task[] Wait(int count) =>
        [.. Enumerable.Range(0, count).Select(n => _log.Log.WhenDurableAsync(_log.Append(n)))];
}
