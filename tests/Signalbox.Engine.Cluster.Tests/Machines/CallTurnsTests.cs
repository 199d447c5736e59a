using FsCheck;
using FsCheck.Fluent;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.TestKit;

namespace Signalbox.Engine.Cluster.Tests.Machines;

/// <summary>Whichever way calls come in, they are decided in the order in which each process made them.</summary>
public sealed class CallTurnsTests
{
    private static readonly GrainId Grain = GrainId.Create("kind", "grain");

    private readonly ManualClock _clock = new();

    [Fact]
    public void Calls_of_each_process_are_done_in_order_however_they_are_shuffled() => Prop.ForAll<byte[]>(async script =>
    {
        var turns = new CallTurns(_clock);
        CallLanes[] processes = [new(), new()];
        var onTheWay = new List<Task>();
        var done = new List<(int Caller, int Call)>();
        var waiting = new List<(int Caller, int Call, CallTurn Turn)>();
        for (var i = 0; i < script.Length; i++)
        {
            var caller = script[i] % 2;
            waiting.Add((caller, i, processes[caller].Enter(Grain)));
            // Any of those that are on the way comes in.
            while (waiting.Count > 0 && script[i] / 4 % 3 == 0) ComeIn(script[i] % waiting.Count);
        }

        while (waiting.Count > 0) ComeIn(waiting.Count - 1);
        await Task.WhenAll(onTheWay);

        foreach (var caller in (int[])[0, 1])
        {
            var calls = done.Where(one => one.Caller == caller).Select(one => one.Call).ToList();
            Assert.Equal(calls.Order(), calls);
        }

        Assert.Equal(script.Length, done.Count);

        void ComeIn(int index)
        {
            var (caller, call, turn) = waiting[index];
            waiting.RemoveAt(index);
            onTheWay.Add(DoAsync(caller, call, turn));
        }

        // As a grain does it: one at a time.
        async Task DoAsync(int caller, int call, CallTurn turn)
        {
            Task due;
            lock (turns) due = turns.IsDue(turn) ? Task.CompletedTask : turns.WhenDueAsync(turn);
            await due;
            lock (turns)
            {
                done.Add((caller, call));
                turns.Done(turn);
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_call_that_was_lost_on_the_way_holds_the_next_up_for_its_patience_only()
    {
        var turns = new CallTurns(_clock);
        var lanes = new CallLanes();
        turns.Done(lanes.Enter(Grain));
        lanes.Enter(Grain);
        var third = lanes.Enter(Grain);
        Assert.False(turns.IsDue(third));
        var due = turns.WhenDueAsync(third);

        _clock.Pass(CallTurns.Patience);
        await due;
        turns.Done(third);

        Assert.True(turns.IsDue(lanes.Enter(Grain)));
    }

    [Fact]
    public void What_comes_after_a_loss_waits_for_nothing_that_came_before()
    {
        var turns = new CallTurns(_clock);
        var lanes = new CallLanes();
        var answered = lanes.Enter(Grain);
        turns.Done(answered);
        var lost = lanes.Enter(Grain);

        lanes.Leave(Grain, lost, isLost: true);

        Assert.True(new CallTurns(_clock).IsDue(lanes.Enter(Grain)));
    }

    [Fact]
    public void When_all_was_answered_the_next_call_waits_for_nothing_in_an_activation_that_knows_nothing()
    {
        var lanes = new CallLanes();
        var first = lanes.Enter(Grain);
        lanes.Leave(Grain, first, isLost: false);

        Assert.True(new CallTurns(_clock).IsDue(lanes.Enter(Grain)));
    }
}
