using Orleans.Concurrency;
using Orleans.Placement;

namespace Signalbox.Cluster.Benchmarks;

/// <summary>A grain that does nothing: what Orleans takes for a call.</summary>
public interface IBareGrain : IGrainWithStringKey
{
    ValueTask<long> EchoAsync(long number);
}

[Reentrant]
[RandomPlacement]
public sealed class BareGrain : Grain, IBareGrain
{
    public ValueTask<long> EchoAsync(long number) => new(number);
}
