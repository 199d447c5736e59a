namespace Signalbox.Gateways.Outbound;

/// <summary>As many lanes as the machine has processors; each connection keeps to one of them.</summary>
public sealed class WriteLanes
{
    private readonly WriteLane[] _lanes;
    private int _next;

    public WriteLanes()
    {
        _lanes = new WriteLane[Environment.ProcessorCount];
        for (var i = 0; i < _lanes.Length; i++) _lanes[i] = new WriteLane();
    }

    internal WriteLane Next() => _lanes[(uint)Interlocked.Increment(ref _next) % (uint)_lanes.Length];
}
