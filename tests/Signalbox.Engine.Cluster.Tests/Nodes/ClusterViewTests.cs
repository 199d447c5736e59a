using Microsoft.Extensions.DependencyInjection;
using Signalbox.Conformance;
using Signalbox.Engine.Clusters;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Tests.Nodes;

public sealed class ClusterViewTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_nodes_and_grains_are_seen_from_everywhere()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var node = new Node("looker", silos.Engines[0], Settings.Rules);
        await silos.Engines[0].JoinAsync(node, Token);
        for (var i = 0; i < 10; i++)
        {
            await silos.Engines[0].Hash($"key {i}").GetAsync(Token);
            await silos.Engines[0].Queue($"queue {i % 2}", Signalbox.Core.Queues.QueuePart.Live).CountAsync(Token);
        }

        foreach (var services in silos.Services)
        {
            var seen = await services.GetRequiredService<ICluster>().LookAsync(Token);

            Assert.Equal(2, seen.Silos.Count);
            Assert.All(seen.Silos, silo => Assert.Equal("active", silo.Status));
            Assert.All(seen.Silos, silo => Assert.NotEmpty(silo.Version!)); // That they have one is the test.
            // Orleans counts by process, and here all silos of all tests are one.
            Assert.All(seen.Silos, silo => Assert.InRange(silo.Grains!.Value.Keys, 10, long.MaxValue)); // It answered.
            Assert.All(seen.Silos, silo => Assert.InRange(silo.Grains!.Value.Queues, 2, long.MaxValue)); // The same.
            var one = Assert.Single(seen.Nodes);
            Assert.Equal(("looker", 0), (one.Id, one.Backlog));
            Assert.Equal(seen.Silos[0].Version, one.Version);
            Assert.Contains(one.Silo, seen.Silos.Select(silo => silo.Address));
        }
    }

    [Fact]
    public async Task A_silo_that_is_well_has_no_trouble_and_one_that_has_stopped_has()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var view = silos.Services[1].GetRequiredService<ICluster>();
        Assert.Null(view.Trouble);

        await silos.Cluster.StopSiloAsync(silos.Cluster.Silos[1]);

        Assert.StartsWith("The silo is ", view.Trouble, StringComparison.Ordinal);
    }
}
