using Signalbox.Client.Tests.Fakes;

namespace Signalbox.Client.Tests.Clusters;

public sealed class ClusterTests
{
    [Fact]
    public async Task What_a_server_is_a_part_of_is_read()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var asking = driver.Client.ClusterAsync();

        await peer.ReplyAsync(
            await peer.ExpectAsync("cluster"),
            """
            "value":{"silos":[{"silo":"a:1","status":"active","version":"1.2.0","since":1000,"grains":{"channels":1,"users":2,"keys":3,"queues":4}},{"silo":"b:1","status":"joining","since":2000}],"nodes":[{"node":"n","silo":"a:1","version":"1.2.0","backlog":5},{"node":"service"}]}
            """.Trim());
        var cluster = await asking.Soon();

        Assert.Equal(
            [
                new SiloInfo("a:1", "active", DateTimeOffset.UnixEpoch.AddSeconds(1), "1.2.0", new GrainCounts(1, 2, 3, 4)),
                new SiloInfo("b:1", "joining", DateTimeOffset.UnixEpoch.AddSeconds(2), null, null),
            ],
            cluster?.Silos);
        Assert.Equal([new NodeInfo("n", "a:1", "1.2.0", 5), new NodeInfo("service", null, null, null)], cluster?.Nodes);
    }

    [Fact]
    public async Task A_server_that_is_alone_is_part_of_nothing()
    {
        await using var driver = new ClientDriver();
        var peer = await driver.ConnectAsync();
        var asking = driver.Client.ClusterAsync();

        await peer.ReplyAsync(await peer.ExpectAsync("cluster"), "\"value\":null");

        Assert.Null(await asking.Soon());
    }
}
