using Signalbox.Client;
using Signalbox.Cluster.Outside.Tests.Loads;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>A silo stands still for longer than the others wait, and wakes.</summary>
public sealed class FrozenTests
{
    private const string Room = "room/1";
    private const int Keys = 20;

    [Fact]
    public async Task A_silo_that_slept_too_long_ends_itself_and_tells_nobody_what_is_old()
    {
        await using var cluster = await SiloCluster.StartAsync(2);
        await cluster.SpreadAsync();
        var (frozen, left) = (cluster.Silos[0], cluster.Silos[1]);
        var survivor = cluster.Client(left);
        var sleeper = cluster.FaithfulClient(frozen);
        var probe = new Probe(survivor);
        await probe.BeginAsync();
        await sleeper.SubscribeAsync(Room);
        await SetAllAsync(survivor, "old");
        await using var load = new Load(cluster.Client(frozen, left), withIds: false);
        await load.Channels.FollowAsync(survivor);
        await load.Channels.FollowAsync(cluster.Client(frozen, left));
        await load.ConfirmedAsync(300);

        await frozen.SignalAsync("STOP");
        await probe.UntilAllAnswerAsync("freeze");
        await SetAllAsync(survivor, "new");
        // They lie in its socket until it wakes.
        var asked = Enumerable.Range(0, Keys).Select(i => ReadAsync(sleeper, $"frozen/{i}")).ToList();
        await frozen.SignalAsync("CONT");

        var answers = await Task.WhenAll(asked);
        await frozen.EndAsync();
        Assert.DoesNotContain("old", answers);
        Assert.Empty(await survivor.PresenceAsync(Room));
        await frozen.StartAsync();
        await load.ConfirmedAsync(300);
        await load.EndAsync(survivor);
    }

    private static async Task SetAllAsync(SignalboxClient client, string value) =>
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(i => client.SetAsync($"frozen/{i}", value)));

    /// <returns>Null where there is no answer.</returns>
    private static async Task<string?> ReadAsync(SignalboxClient client, string key)
    {
        try
        {
            return (await client.GetAsync(key))?.Text;
        }
        catch (Exception e) when (e is SignalboxException or SignalboxConnectionLostException or SignalboxTimeoutException)
        {
            return null;
        }
    }
}
