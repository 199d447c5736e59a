using Microsoft.Extensions.DependencyInjection;
using Signalbox.Conformance;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Clusters;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.TestKit;

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
            // With something in them: a grain that has nothing to keep may leave before it is counted.
            await silos.Engines[0].Hash($"key {i}").SetAsync(
                new SetRequest(Payload.Null, null, null, SetCondition.Always, null), Token);
            await silos.Engines[0].Queue($"queue {i % 2}", QueuePart.Live).PushAsync(
                new PushRequest(Payload.Null, Headers.None, 0, TimeSpan.Zero, null, Id: null), Token);
        }

        foreach (var services in silos.Services)
        {
            var seen = await services.GetRequiredService<ICluster>().LookAsync(Token);

            Assert.Equal(2, seen.Silos.Count);
            Assert.All(seen.Silos, silo => Assert.Equal("active", silo.Status));
            Assert.All(seen.Silos, silo => Assert.NotEmpty(silo.Version!)); // That they have one is the test.
            // Each grain is on one silo: together they have all of them.
            Assert.Equal(10, seen.Silos.Sum(silo => silo.Grains!.Value.Keys)); // Each answered.
            Assert.Equal(2, seen.Silos.Sum(silo => silo.Grains!.Value.Queues)); // The same.
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

        await silos.Cluster.StopSiloAsync(silos.Cluster.Silos[1], Token);

        Assert.StartsWith("The silo is ", view.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Orleans_parts_say_of_themselves_is_trouble()
    {
        await using var silos = new TwoSilos();
        await silos.InitializeAsync();
        var (well, ill) = (new FakePart(null), new FakePart("The list of members cannot be written."));
        var parts = new ServiceCollection().AddSingleton<IHealthCheckParticipant>(well);
        await using var withOne = parts.BuildServiceProvider();
        await using var withBoth = parts.AddSingleton<IHealthCheckParticipant>(ill).BuildServiceProvider();

        Assert.Null(ViewOf(silos, withOne, ClusterSettings.Default).Trouble);
        Assert.Equal("The list of members cannot be written.", ViewOf(silos, withBoth, ClusterSettings.Default).Trouble);

        // They are asked for what they have to say of the time of a lease.
        var since = silos.Clock.GetUtcNow().UtcDateTime - ClusterSettings.Default.NodeLease;
        Assert.Equal([since, since], well.Asked);
    }

    [Fact]
    public async Task A_process_that_the_cluster_does_not_answer_has_trouble_until_it_does()
    {
        await using var silos = new TwoSilos(
            new TestStorage(), new ManualClock(), settings => settings with { NodeRenewal = TimeSpan.FromMilliseconds(20) });
        await silos.InitializeAsync();
        await using var services = new ServiceCollection().BuildServiceProvider();
        var impatient = ViewOf(silos, services, ClusterSettings.Default with { NodeLease = TimeSpan.FromMilliseconds(500) });
        Assert.Null(ViewOf(silos, services, ClusterSettings.Default with { NodeLease = TimeSpan.FromTicks(-1) }).Trouble);

        // Of a process without a node nobody expects a word.
        await silos.Engines[2].JoinAsync(new Node("service", silos.Engines[2], Settings.Rules), Token);
        silos.Calls.Forget();
        await silos.Calls.WaitForAsync("INodesGrain.RenewAsync", 100);
        await UntilAsync(() => impatient.Trouble is null);

        foreach (var silo in silos.Cluster.Silos.ToList()) await silos.Cluster.KillSiloAsync(silo, Token);
        await UntilAsync(() => impatient.Trouble is not null);

        Assert.Equal("The cluster has not answered this process for a while.", impatient.Trouble);
    }

    /// <summary>What the client of the cluster sees, where these are the services that it finds.</summary>
    private static ClusterView ViewOf(TwoSilos silos, IServiceProvider services, ClusterSettings settings) => new(
        silos.Services[2].GetRequiredService<ClusterLinks>(),
        silos.Services[2].GetRequiredService<LocalNodes>(),
        settings,
        silos.Clock,
        services);

    // The time since the last answer is nothing that anybody tells.
    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo()) await pace.WaitForNextTickAsync(patience.Token);
    }

    private sealed class FakePart(string? trouble) : IHealthCheckParticipant
    {
        public List<DateTime> Asked { get; } = [];

        public bool CheckHealth(DateTime lastCheckTime, out string reason)
        {
            Asked.Add(lastCheckTime);
            reason = trouble ?? "";
            return trouble is null;
        }
    }
}
