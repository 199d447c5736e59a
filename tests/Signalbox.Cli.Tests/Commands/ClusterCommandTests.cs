namespace Signalbox.Cli.Tests.Commands;

/// <summary>The server of these tests is alone; what one says that is not is taken from a stand-in.</summary>
public sealed class ClusterCommandTests(TestServer server)
{
    private const string Known = """
        {"silo":"10.0.0.5:11111","status":"active","version":"1.2.0","since":1700000000000,
         "grains":{"channels":1,"users":22,"keys":3333,"queues":0}}
        """;

    private const string Silent = """{"silo":"10.0.0.12:11111","status":"shuttingdown","since":1700000061000}""";

    private const string Cluster = $$"""
        "value":{"silos":[{{Known}},{{Silent}}],
                 "nodes":[{"node":"kx41","silo":"10.0.0.5:11111","version":"1.2.0","backlog":120},{"node":"service"}]}
        """;

    [Fact]
    public async Task A_server_that_is_alone_is_part_of_no_cluster()
    {
        var seen = await Cli.At(server).RunAsync("cluster");

        Assert.Equal((0, "The server is alone: it is no part of a cluster.\n"), (seen.Code, seen.Output));
        Assert.Empty(await Cli.At(server).JsonAsync("cluster"));
    }

    [Fact]
    public async Task Silos_and_nodes_are_tables_and_what_is_not_known_is_no_number()
    {
        var seen = await RunAsync(Cluster);

        Assert.Equal(
            (0, """
                SILO             STATUS        VERSION  SINCE                CHANNELS  USERS  KEYS  QUEUES
                10.0.0.5:11111   active        1.2.0    2023-11-14 22:13:20         1     22  3333       0
                10.0.0.12:11111  shuttingdown  ?        2023-11-14 22:14:21         ?      ?     ?       ?
                NODE     SILO            VERSION  BACKLOG
                kx41     10.0.0.5:11111  1.2.0        120
                service                  ?              ?

                """),
            (seen.Code, seen.Output));
    }

    [Fact]
    public async Task A_cluster_without_nodes_has_no_table_of_them()
    {
        var seen = await RunAsync($"\"value\":{{\"silos\":[{Silent}],\"nodes\":[]}}");

        Assert.Equal((0, 2), (seen.Code, seen.Lines.Length));
    }

    [Fact]
    public async Task For_programs_each_silo_and_node_is_an_object_without_what_is_not_known()
    {
        var seen = await RunAsync(Cluster, "--json");

        Assert.Equal(
            [
                """{"silo":"10.0.0.5:11111","status":"active","version":"1.2.0","since":1700000000000,"channels":1,"users":22,"keys":3333,"queues":0}""",
                """{"silo":"10.0.0.12:11111","status":"shuttingdown","since":1700000061000}""",
                """{"node":"kx41","silo":"10.0.0.5:11111","version":"1.2.0","backlog":120}""",
                """{"node":"service"}""",
            ],
            seen.Lines);
    }

    private static async Task<Cli.Ended> RunAsync(string fields, params string[] options)
    {
        await using var standIn = StandIn.Answering("cluster", fields);
        return await new Cli(standIn.Address).RunAsync(["cluster", .. options]);
    }
}
