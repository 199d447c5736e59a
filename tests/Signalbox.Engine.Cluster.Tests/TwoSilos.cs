using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;
using Signalbox.Conformance;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.TestKit;

[assembly: AssemblyFixture(typeof(Signalbox.Engine.Cluster.Tests.TwoSilos))]

namespace Signalbox.Engine.Cluster.Tests;

/// <summary>A cluster of two silos in this process, with one storage and a clock that the tests move.</summary>
public sealed class TwoSilos : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public TwoSilos()
        : this(new TestStorage(), new ManualClock(), static settings => settings)
    {
    }

    /// <summary>With what another cluster has left in storage, at its time.</summary>
    internal TwoSilos(TestStorage storage, ManualClock clock, Func<ClusterSettings, ClusterSettings> change)
    {
        Storage = storage;
        Clock = clock;
        var settings = change(new ClusterSettings
        {
            Clock = Clock,
            Rules = Settings.RulesUnder("+/"),
            Channel = new() { DedupeWindow = Settings.DedupeWindow },
            Hash = new() { MaxValueBytes = Settings.MaxValueBytes, DedupeWindow = Settings.DedupeWindow },
            Queue = new()
            {
                MaxAttempts = Settings.MaxAttempts,
                MaxItems = Settings.MaxItems,
                MaxPayloadBytes = Settings.MaxValueBytes,
                DedupeWindow = Settings.DedupeWindow,
            },
        });
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo
            .AddMemoryGrainStorage("PubSubStore")
            .AddSignalbox(settings)
            .AddIncomingGrainCallFilter(Calls)
            .Services.AddKeyedSingleton<IGrainStorage>(JournalStorage.Name, storage));
        builder.ConfigureClient(client => client.AddSignalbox(settings));
        _cluster = builder.Build();
    }

    public ManualClock Clock { get; }

    /// <summary>The engine as it is found on each silo, and by a client of the cluster.</summary>
    internal IReadOnlyList<ClusterEngine> Engines { get; private set; } = [];

    internal InProcessTestCluster Cluster => _cluster;

    internal TestStorage Storage { get; }

    /// <summary>The calls of our grains on all silos.</summary>
    internal GrainCallCounter Calls { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await _cluster.DeployAsync();
        var providers = _cluster.Silos.Select(silo => _cluster.GetSiloServiceProvider(silo.SiloAddress));
        var all = providers.Append(_cluster.Client.ServiceProvider);
        Engines = [.. all.Select(services => services.GetRequiredService<ClusterEngine>())];
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
