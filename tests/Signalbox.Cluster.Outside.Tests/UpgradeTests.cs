using Signalbox.Cluster.Outside.Tests.Loads;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>Silos are replaced by those of another version of the same form, one after the other, and back again.</summary>
public sealed class UpgradeTests
{
    private const string Variable = "SIGNALBOX_OTHER_SILO";

    [Fact]
    public async Task An_upgrade_and_its_way_back_show_clients_a_reconnect_and_nothing_else()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } other)
        {
            Assert.Skip($"{Variable} does not name the silo of another version, such as /old/signalbox-silo.dll.");
            return;
        }

        await using var cluster = await SiloCluster.StartOfAsync(other, 3);
        var client = cluster.Client(cluster.Silos);
        await using var load = new Load(client, withIds: true);
        foreach (var silo in cluster.Silos) await load.Channels.FollowAsync(cluster.Client([silo, .. cluster.Silos]));
        await load.ConfirmedAsync(300);

        foreach (var build in (string[])[Processes.Silo.OwnBuild, other])
        {
            foreach (var silo in cluster.Silos)
            {
                await silo.SignalAsync("TERM");
                Assert.True(await silo.EndAsync() == 0, $"{silo.Name} did not end in order: {silo.Said()}");
                await load.ConfirmedAsync(200);
                silo.Build = build;
                await silo.StartAsync();
                await load.ConfirmedAsync(200);
                TestContext.Current.TestOutputHelper?.WriteLine($"{silo.Name} is {build}");
            }
        }

        await load.EndAsync(client);
        Assert.Empty(load.Failures);
    }
}
