using System.Runtime.InteropServices;
using Signalbox.Gates;

namespace Signalbox.Engine.Cluster.Machines;

/// <summary>Numbers what one process asks of each grain, as long as anything is under way to it.</summary>
/// <remarks>
/// Orleans lets calls overtake each other on their way, and does so whenever they are many. The grain puts them back
/// into their order: see <see cref="CallTurns"/>.
/// </remarks>
internal sealed class CallLanes
{
    private readonly long _caller = Random.Shared.NextInt64(1, long.MaxValue);
    private readonly Lanes[] _lanes = [.. Enumerable.Range(0, 64).Select(_ => new Lanes())];
    private long _lastLane;

    public CallTurn Enter(GrainId grain)
    {
        var lanes = LanesOf(grain);
        using (lanes.Gate.Enter())
        {
            ref var lane = ref CollectionsMarshal.GetValueRefOrAddDefault(lanes, grain, out var isBegun);
            if (!isBegun) lane = new Lane(NextLane());
            lane.UnderWay++;
            return new CallTurn(_caller, lane.Number, lane.Next++);
        }
    }

    /// <summary>Whether nothing was asked of the grain since.</summary>
    public bool IsLast(GrainId grain, CallTurn turn)
    {
        var lanes = LanesOf(grain);
        using (lanes.Gate.Enter())
        {
            return lanes.TryGetValue(grain, out var lane) && lane.Number == turn.Lane && lane.Next == turn.Number + 1;
        }
    }

    /// <param name="isLost">Whether nobody knows of the call; what comes then does not wait for it.</param>
    public void Leave(GrainId grain, CallTurn turn, bool isLost)
    {
        var lanes = LanesOf(grain);
        using (lanes.Gate.Enter())
        {
            ref var lane = ref CollectionsMarshal.GetValueRefOrNullRef(lanes, grain); // Entered, so there.
            if (--lane.UnderWay == 0) lanes.Remove(grain);
            else if (isLost && turn.Lane == lane.Number) lane = new Lane(NextLane()) { UnderWay = lane.UnderWay };
        }
    }

    private long NextLane() => Interlocked.Increment(ref _lastLane);

    private Lanes LanesOf(GrainId grain) => _lanes[grain.GetUniformHashCode() % _lanes.Length];

    private sealed class Lanes : Dictionary<GrainId, Lane>
    {
        public Gate Gate { get; } = new(GateRank.CallLanes);
    }

    private struct Lane(long number)
    {
        public long Number { get; } = number;

        public long Next { get; set; }

        public int UnderWay { get; set; }
    }
}
