using Signalbox.Cluster.Outside.Tests.Loads;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>A silo is killed.</summary>
public sealed class KillTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    /// <summary>In which everybody who writes comes to wait for the storage.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>With what the other tests say of the membership, and with the silo's own defaults.</summary>
    [Theory]
    [InlineData("00:00:00.5", "2", "1")]
    [InlineData("00:00:01", "3", "2")]
    public async Task Whatever_was_confirmed_outlives_the_kill_of_a_silo(string interval, string probes, string votes)
    {
        await using var cluster = await SiloCluster.StartAsync(
            2, "--Cluster:ProbeInterval", interval, "--Cluster:MissedProbes", probes, "--Cluster:Votes", votes);
        await cluster.SpreadAsync();
        var (lost, left) = (cluster.Silos[0], cluster.Silos[1]);
        var survivor = cluster.Client(left);
        var probe = new Probe(survivor);
        await probe.BeginAsync();
        await using var load = new Load(cluster.Client(lost, left), withIds: false);
        await load.Channels.FollowAsync(survivor);
        await load.Channels.FollowAsync(cluster.Client(lost, left));
        await load.ConfirmedAsync(500);

        await lost.SignalAsync("KILL");
        var taken = await probe.UntilAllAnswerAsync($"kill, {interval} x {probes}");
        await load.ConfirmedAsync(500);

        await load.EndAsync(survivor);
        Assert.True(taken < Bound, $"It took {taken} until everything answered.");
    }

    /// <summary>What was asked for while nothing could be stored is confirmed by nobody, and where it has an id it is
    /// asked again, and done once: of some of it the storage hears after the silo is dead.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_confirmed_before_it_is_stored_and_nothing_is_done_twice(bool withIds)
    {
        await using var cluster = await SiloCluster.StartAsync(2);
        await cluster.SpreadAsync();
        var (lost, left) = (cluster.Silos[0], cluster.Silos[1]);
        var survivor = cluster.Client(left);
        var probe = new Probe(survivor);
        await probe.BeginAsync();
        await using var load = new Load(cluster.Client(lost, left), withIds);
        await load.Channels.FollowAsync(survivor);
        await load.ConfirmedAsync(300);

        await cluster.Redis.SignalAsync("STOP");
        await Outage.LastAsync(Pause);
        await lost.SignalAsync("KILL");
        await cluster.Redis.SignalAsync("CONT");
        await probe.UntilAllAnswerAsync("kill");
        await load.ConfirmedAsync(300);

        await load.EndAsync(survivor);
        if (withIds) Assert.DoesNotContain(load.Failures, one => !one.StartsWith("work", StringComparison.Ordinal));
    }
}
