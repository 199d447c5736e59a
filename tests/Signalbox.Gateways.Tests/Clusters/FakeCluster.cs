using Signalbox.Engine.Clusters;

namespace Signalbox.Gateways.Tests.Clusters;

/// <summary>A cluster that is as the test says.</summary>
internal sealed class FakeCluster : ICluster
{
    public string? Trouble { get; set; }

    public ClusterState State { get; set; } = new([], []);

    public ValueTask<ClusterState> LookAsync(CancellationToken cancellationToken) => new(State);
}
