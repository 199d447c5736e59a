using Signalbox.Engine.Clusters;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Clusters;

public sealed class ClusterTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task A_server_of_a_cluster_shows_its_silos_and_nodes()
    {
        var since = DateTimeOffset.FromUnixTimeMilliseconds(1795246922116);
        _cluster.State = new ClusterState(
            [
                new SiloState("10.0.0.1:11111", "active", since, "1.2.0", new GrainCounts(1, 2, 3, 4)),
                new SiloState("10.0.0.2:11111", "joining", since, Version: null, Grains: null),
            ],
            [new NodeState("a", "10.0.0.1:11111", "1.2.0", 17), new NodeState("service", null, null, null)]);
        await using var host = await HttpHost.StartAsync(plan => plan.Cluster = _cluster);
        using var client = await host.ClientAsync();

        var answer = await client.PostAsync("/api/cluster", "{}");

        Assert.Contains(
            """
            "value":{"silos":[{"silo":"10.0.0.1:11111","status":"active","version":"1.2.0","since":1795246922116,"grains":{"channels":1,"users":2,"keys":3,"queues":4}},{"silo":"10.0.0.2:11111","status":"joining","since":1795246922116}],"nodes":[{"node":"a","silo":"10.0.0.1:11111","version":"1.2.0","backlog":17},{"node":"service"}]}
            """.Trim(),
            answer.Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_alone_says_so()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.PostAsync("/api/cluster", "{}");

        Assert.Contains("\"value\":null", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_cluster_is_in_trouble_is_alive_and_not_ready()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Cluster = _cluster);
        using var client = await host.ClientAsync();
        Assert.Equal(200, (await client.GetAsync("/health/ready")).Status);

        _cluster.Trouble = "The cluster has not answered this process for a while.";
        var ready = await client.GetAsync("/health/ready");

        Assert.Equal(503, ready.Status);
        Assert.Contains(_cluster.Trouble, ready.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await client.GetAsync("/health/live")).Status);
    }
}
