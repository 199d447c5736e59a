using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Queues;
using Signalbox.Engine.Cluster.Wire;

namespace Signalbox.Engine.Cluster;

/// <summary>Puts the engine into a silo, or into a client of the cluster.</summary>
public static class ClusterHosting
{
    /// <summary>The silo also needs a grain storage of the name <see cref="Journals.JournalStorage.Name"/>.</summary>
    public static ISiloBuilder AddSignalbox(this ISiloBuilder silo, ClusterSettings settings)
    {
        AddSignalbox(silo.Services, settings);
        silo.Configure<SiloMessagingOptions>(KeepWhatWasTaken);
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.ClassSpecificCollectionAge[typeof(HashKeyGrain).FullName!] = settings.KeyCollectionAge;
            options.ClassSpecificCollectionAge[typeof(QueueGrain).FullName!] = settings.QueueCollectionAge;
        });
        silo.Services.AddSingleton<SiloEnding>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static all => all.GetRequiredService<SiloEnding>());
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, IndexLayoutCheck>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, IndexWaker>();
        return silo;
    }

    public static IClientBuilder AddSignalbox(this IClientBuilder client, ClusterSettings settings)
    {
        AddSignalbox(client.Services, settings);
        client.Configure<ClientMessagingOptions>(KeepWhatWasTaken);
        return client;
    }

    private static void AddSignalbox(IServiceCollection services, ClusterSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<NameIndexes>();
        services.AddSingleton<ClusterKeys>();
        services.AddSingleton<ClusterQueues>();
        services.AddSingleton(static all => new ClusterEngine(
            all.GetRequiredService<ClusterKeys>(), all.GetRequiredService<ClusterQueues>()));
        services.AddSingleton<ContractCodec>();
        services.AddSingleton<IGeneralizedCodec>(static all => all.GetRequiredService<ContractCodec>());
        services.AddSingleton<IGeneralizedCopier>(static all => all.GetRequiredService<ContractCodec>());
        services.AddSingleton<ITypeFilter>(static all => all.GetRequiredService<ContractCodec>());
        services.Configure<ExceptionSerializationOptions>(
            static options => options.SupportedNamespacePrefixes.Add(nameof(Signalbox)));
    }

    // A waiting pop that is given up must leave the line, and whoever cancels one must learn whether it was served.
    private static void KeepWhatWasTaken(MessagingOptions options)
    {
        options.CancelRequestOnTimeout = true;
        options.WaitForCancellationAcknowledgement = true;
    }
}
