using System.Diagnostics;
using Signalbox.Client;

namespace Signalbox.Cluster.Outside.Tests.Processes;

/// <summary>Silos and their Redis, all processes of this machine.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private const string Loopback = "127.0.0.1";

    // Whatever is published below log is kept; who is where is told in rooms.
    private static readonly string[] Channels =
    [
        "--Channels:0:Filter", "log/#", "--Channels:0:HistorySize", "1000000", "--Channels:0:HistoryAge", "1.00:00:00",
        "--Channels:1:Filter", "room/#", "--Channels:1:Presence", "true", "--Channels:1:JoinLeave", "true",
    ];

    private readonly List<SignalboxClient> _clients = [];

    private SiloCluster(RedisServer redis) => Redis = redis;

    public RedisServer Redis { get; }

    public List<Silo> Silos { get; } = [];

    public static Task<SiloCluster> StartAsync(int count, params string[] more) =>
        StartOfAsync(Silo.OwnBuild, count, more);

    /// <summary>A cluster of another build of the silo.</summary>
    public static async Task<SiloCluster> StartOfAsync(string build, int count, params string[] more)
    {
        var cluster = new SiloCluster(await RedisServer.StartAsync(Loopback));
        for (var i = 1; i <= count; i++)
        {
            cluster.Silos.Add(
                new Silo($"Silo {i}", Loopback, $"{Loopback}:{cluster.Redis.Port}", [], [.. Channels, .. more]) { Build = build });
        }

        await cluster.StartAllAsync();
        return cluster;
    }

    /// <summary>A silo that is its whole cluster, without Redis.</summary>
    public static async Task<Silo> StartOneAsync()
    {
        var silo = new Silo("The silo", Loopback, redis: null, [], []);
        await silo.StartAsync();
        return silo;
    }

    /// <summary>A cluster whose silos are in networks of their own.</summary>
    public static async Task<SiloCluster> StartAsync(Networks networks)
    {
        var cluster = new SiloCluster(await RedisServer.StartAsync(networks.Hub));
        foreach (var (index, address) in networks.Addresses.Index())
        {
            cluster.Silos.Add(new Silo(
                $"Silo {index + 1}",
                address,
                $"{networks.Hub}:{cluster.Redis.Port}",
                networks.CommandIn(index),
                [.. Channels, "--insecure"]));
        }

        await cluster.StartAllAsync();
        return cluster;
    }

    /// <summary>A client of these silos, which tries them in this order.</summary>
    public SignalboxClient Client(params IEnumerable<Silo> silos) => Client(null, silos);

    /// <summary>A client that knows this silo only, and comes back to no other.</summary>
    public SignalboxClient FaithfulClient(Silo silo, string? token = null) => Client(token, [silo], reconnects: false);

    public SignalboxClient Client(string? token, IEnumerable<Silo> silos, bool reconnects = true)
    {
        var options = new SignalboxClientOptions
        {
            ReconnectDelay = TimeSpan.FromMilliseconds(50),
            MaxReconnectDelay = TimeSpan.FromSeconds(1),
            ConnectTimeout = TimeSpan.FromSeconds(2),
            CommandTimeout = Child.Patience,
            Reconnect = reconnects,
            Token = token,
        };
        foreach (var silo in silos) options.Endpoints.Add(silo.Endpoint);
        var client = new SignalboxClient(options);
        _clients.Add(client);
        return client;
    }

    /// <summary>Waits until each silo has learnt of the others, and places there what it is first asked for: until then
    /// all would be where the first client is.</summary>
    /// <param name="token">Of somebody who may ask for keys and for the cluster; null where anybody may.</param>
    public async Task SpreadAsync(string? token = null)
    {
        foreach (var silo in Silos)
        {
            await using var client = Client(token, [silo]);
            var before = await CountKeysAsync(client);
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; !HasGrown(await CountKeysAsync(client), before); i++)
            {
                Assert.True(Stopwatch.GetElapsedTime(start) < Child.Patience, $"{silo.Name} does not learn of the others.");
                for (var j = 0; j < 8; j++) await client.GetAsync($"spread/{silo.Name}/{i}/{j}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var silo in Silos) await silo.DisposeAsync();
        await Redis.DisposeAsync();
    }

    /// <returns>How many keys each silo has in memory.</returns>
    private static async Task<Dictionary<string, long>> CountKeysAsync(SignalboxClient client)
    {
        var cluster = (await client.ClusterAsync())!; // It is one.
        return cluster.Silos.ToDictionary(silo => silo.Address, silo => silo.Grains?.Keys ?? 0);
    }

    private bool HasGrown(Dictionary<string, long> now, Dictionary<string, long> before) =>
        now.Count == Silos.Count && now.All(one => one.Value > before.GetValueOrDefault(one.Key));

    private async Task StartAllAsync()
    {
        try
        {
            await Task.WhenAll(Silos.Select(silo => silo.StartAsync()));
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }
}
