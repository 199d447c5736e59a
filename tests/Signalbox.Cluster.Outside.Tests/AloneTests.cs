using Signalbox.Client;
using Signalbox.Cluster.Outside.Tests.Processes;

namespace Signalbox.Cluster.Outside.Tests;

/// <summary>A silo that is its whole cluster, with nothing installed.</summary>
public sealed class AloneTests
{
    [Fact]
    public async Task A_silo_without_Redis_starts_and_does_all_that_a_server_does()
    {
        await using var silo = await SiloCluster.StartOneAsync();
        var options = new SignalboxClientOptions();
        options.Endpoints.Add(silo.Endpoint);
        await using var client = new SignalboxClient(options);
        await using var news = await client.SubscribeAsync("news");

        await client.PublishAsync("news", "hello");
        await client.SetAsync("key", "value");
        await client.PushAsync("work", "item");

        await foreach (var message in news)
        {
            Assert.Equal("hello", message.Value.ToString());
            break;
        }

        Assert.Equal("value", (await client.GetAsync("key"))?.Value.ToString());
        Assert.Equal("item", (await client.PopAsync("work"))?.Value.ToString());
        var seen = await client.ClusterAsync();
        var one = Assert.Single(seen!.Silos); // It is a cluster.
        Assert.Equal(("active", 1), (one.Status, one.Grains?.Keys));
        Assert.Single(seen.Nodes);

        using var http = new HttpClient();
        var root = $"http://{silo.Address}:{silo.HttpPort}";
        Assert.Equal("ok\n", await http.GetStringAsync($"{root}/health/ready"));
        Assert.Contains("orleans_", await http.GetStringAsync($"{root}/metrics"), StringComparison.Ordinal);
    }
}
