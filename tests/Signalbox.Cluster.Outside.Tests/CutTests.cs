using Signalbox.Cluster.Outside.Tests.Loads;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>Silos that no longer reach one another, and both reach Redis and their clients.</summary>
public sealed class CutTests
{
    [Fact]
    public async Task Of_two_silos_that_are_cut_from_each_other_one_ends_and_nothing_that_was_confirmed_is_lost()
    {
        await using var networks = await Networks.MakeAsync();
        await using var cluster = await SiloCluster.StartAsync(networks);
        await cluster.SpreadAsync();
        var client = cluster.Client(cluster.Silos);
        var probe = new Probe(client);
        await probe.BeginAsync();
        await using var load = new Load(client, withIds: false);
        foreach (var silo in cluster.Silos) await load.Channels.FollowAsync(cluster.Client([silo, .. cluster.Silos]));
        await load.ConfirmedAsync(300);

        await networks.CutAsync();
        await (await Task.WhenAny(cluster.Silos.Select(silo => silo.EndAsync())));
        await probe.UntilAllAnswerAsync("cut");
        await load.ConfirmedAsync(300);
        await networks.HealAsync();

        var left = Assert.Single(cluster.Silos, silo => silo.IsRunning);
        await cluster.Silos.Single(silo => silo != left).StartAsync();
        await load.ConfirmedAsync(300);
        await load.EndAsync(client);
    }
}
