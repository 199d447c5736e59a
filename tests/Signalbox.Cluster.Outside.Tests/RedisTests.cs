using Signalbox.Cluster.Outside.Tests.Loads;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>Redis goes, and comes back.</summary>
public sealed class RedisTests
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(10);

    [Fact]
    public Task Nothing_that_was_confirmed_is_missing_after_Redis_stood_still() => LoseRedisAsync(async redis =>
    {
        await redis.SignalAsync("STOP");
        await Outage.LastAsync(Away);
        await redis.SignalAsync("CONT");
    });

    [Fact]
    public Task Nothing_that_was_confirmed_is_missing_after_Redis_was_killed() => LoseRedisAsync(async redis =>
    {
        await redis.SignalAsync("KILL");
        await Outage.LastAsync(Away);
        await redis.RestartAsync();
    });

    private static async Task LoseRedisAsync(Func<RedisServer, Task> lose)
    {
        await using var cluster = await SiloCluster.StartAsync(2);
        await cluster.SpreadAsync();
        var client = cluster.Client(cluster.Silos);
        var probe = new Probe(client);
        await probe.BeginAsync();
        await using var load = new Load(client, withIds: false);
        await load.Channels.FollowAsync(client);
        await load.Channels.FollowAsync(cluster.Client(cluster.Silos.AsEnumerable().Reverse()));
        await load.ConfirmedAsync(300);

        await lose(cluster.Redis);
        var taken = await probe.UntilAllAnswerAsync("Redis");
        await load.ConfirmedAsync(300);

        await load.EndAsync(client);
        Assert.All(cluster.Silos, silo => Assert.True(silo.IsRunning, $"{silo.Name} ended: {silo.Said()}"));
        Assert.True(taken < TimeSpan.FromSeconds(20), $"It took {taken} until everything answered.");
    }
}
