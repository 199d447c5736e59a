using System.Diagnostics;
using Signalbox.Cluster.Outside.Tests.Loads;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>Silos are stopped in order, and started again.</summary>
public sealed class RollingTests
{
    /// <summary>As the silo's own GracePeriod, and what a process needs to end on a machine with other things to do.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10 + 5);

    [Fact]
    public async Task A_rolling_restart_shows_clients_a_reconnect_and_nothing_else()
    {
        await using var cluster = await SiloCluster.StartAsync(3);
        await cluster.SpreadAsync();
        var client = cluster.Client(cluster.Silos);
        await using var load = new Load(client, withIds: true);
        foreach (var silo in cluster.Silos) await load.Channels.FollowAsync(cluster.Client([silo, .. cluster.Silos]));
        await load.ConfirmedAsync(300);

        foreach (var silo in cluster.Silos)
        {
            var start = Stopwatch.GetTimestamp();
            await silo.SignalAsync("TERM");
            Assert.True(await silo.EndAsync() == 0, $"{silo.Name} did not end in order: {silo.Said()}");
            var taken = Stopwatch.GetElapsedTime(start);
            TestContext.Current.TestOutputHelper?.WriteLine($"{silo.Name} stopped within {taken.TotalSeconds:F2} s");
            Assert.True(taken < Grace, $"{silo.Name} took {taken} to stop: {silo.Said()}");
            await load.ConfirmedAsync(200);
            await silo.StartAsync();
            await load.ConfirmedAsync(200);
        }

        await load.EndAsync(client);
        Assert.Empty(load.Failures);
    }
}
