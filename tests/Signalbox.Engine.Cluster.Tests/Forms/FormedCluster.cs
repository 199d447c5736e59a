using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;
using Signalbox.Conformance;
using Signalbox.Engine.Cluster.Forms;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Tests.Forms;

/// <summary>A cluster whose processes speak the form that was set when they started.</summary>
internal sealed class FormedCluster : IAsyncDisposable
{
    private readonly TestStorage _storage = new();
    private readonly InProcessTestCluster _cluster;

    public FormedCluster()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.InitializeClientOnDeploy = false;
        builder.ConfigureSilo((_, silo) => silo
            .AddMemoryGrainStorage("PubSubStore")
            .AddSignalbox(Own())
            .Services.AddKeyedSingleton<IGrainStorage>(JournalStorage.Name, _storage));
        builder.ConfigureClient(client => client
            .AddSignalbox(Own())
            .Configure<GatewayOptions>(static gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1)));
        _cluster = builder.Build();
    }

    /// <summary>Of whoever starts from now on.</summary>
    public int Form { get; set; } = 1;

    public ClusterRefusal Refusal => _cluster.Client.ServiceProvider.GetRequiredService<ClusterRefusal>();

    public Task StartAsync() => _cluster.DeployAsync();

    public Task AddSiloAsync() => _cluster.StartAdditionalSiloAsync();

    public Task StopSilosAsync() => _cluster.StopSilosAsync();

    /// <summary>How many silos have ever been in the list of silos.</summary>
    public async Task<int> CountMembersAsync()
    {
        var members = _cluster.GetSiloServiceProvider().GetRequiredService<IMembershipTable>();
        return (await members.ReadAllAsync()).Members.Count;
    }

    /// <summary>Has a service join.</summary>
    public async Task JoinAsync()
    {
        await _cluster.InitializeClientAsync();
        var engine = _cluster.Client.ServiceProvider.GetRequiredService<ClusterEngine>();
        await engine.JoinAsync(new Node("service", engine, Settings.Rules), CancellationToken.None);
    }

    /// <summary>Done when the cluster knows a node of this name.</summary>
    public async Task KnownAsync(string node)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var silo = _cluster.GetSiloServiceProvider();
        var directory = silo.GetRequiredService<NodeDirectory>();
        while (!directory.TryFind(node, out _)) await pace.WaitForNextTickAsync(patience.Token);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private ClusterSettings Own() =>
        ClusterSettings.Default with { Form = Form, NodeRenewal = TimeSpan.FromMilliseconds(100) };
}
