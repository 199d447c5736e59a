using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Orleans.Streams;
using Signalbox.Engine.Cluster.Channels;
using Signalbox.Engine.Cluster.Forms;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Cluster.Queues;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Cluster.Wire;
using Signalbox.Engine.Clusters;

namespace Signalbox.Engine.Cluster;

/// <summary>Puts the engine into a silo, or into a client of the cluster.</summary>
public static class ClusterHosting
{
    private const string PubSubStorage = "PubSubStore";

    /// <summary>The silo also needs a grain storage of the name <see cref="JournalStorage.Name"/>.</summary>
    public static ISiloBuilder AddSignalbox(this ISiloBuilder silo, ClusterSettings settings)
    {
        AddSignalbox(silo.Services, settings);
        silo.Configure<SiloMessagingOptions>(KeepWhatWasTaken);
        silo.Services.PostConfigure<SiloOptions>(
            options => options.SiloName = ClusterForm.AddTo(options.SiloName, settings.Form));
        silo.Services.AddSingleton<InboxQueues>();
        silo.Services.AddKeyedSingleton<IStreamQueueBalancer>(
            InboxStream.Provider, static (all, _) => all.GetRequiredService<InboxQueues>());
        // Who subscribes to which stream lies where the journals lie, unless it was put elsewhere.
        silo.Services.TryAddKeyedSingleton<IGrainStorage>(
            PubSubStorage, static (all, _) => all.GetRequiredKeyedService<IGrainStorage>(JournalStorage.Name));
        silo.AddPersistentStreams(InboxStream.Provider, static (all, name) => new InboxAdapter(all, name), streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
            streams.ConfigurePullingAgent(agent => agent.Configure(options =>
            {
                // Only where an agent has stopped asking, as before its first message: else it waits for what comes.
                options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(20);
                options.MaxEventDeliveryTime = TimeSpan.FromSeconds(10);
            }));
        });
        silo.Services.AddSingleton<SiloLink>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static all => all.GetRequiredService<SiloLink>());
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.ClassSpecificCollectionAge[typeof(HashKeyGrain).FullName!] = settings.KeyCollectionAge;
            options.ClassSpecificCollectionAge[typeof(QueueGrain).FullName!] = settings.QueueCollectionAge;
        });
        silo.Services.AddSingleton<Standstill>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static all => all.GetRequiredService<Standstill>());
        silo.Services.AddSingleton<SiloEnding>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static all => all.GetRequiredService<SiloEnding>());
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StartCheck>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, IndexWaker>();
        return silo;
    }

    public static IClientBuilder AddSignalbox(this IClientBuilder client, ClusterSettings settings)
    {
        AddSignalbox(client.Services, settings);
        client.Configure<ClientMessagingOptions>(KeepWhatWasTaken);
        client.Services.AddSingleton<ClusterRefusal>();
        client.Services.AddSingleton<ClientCheck>();
        client.AddPersistentStreams(InboxStream.Provider, static (all, name) => new InboxAdapter(all, name), streams =>
            streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly));
        return client;
    }

    private static void AddSignalbox(IServiceCollection services, ClusterSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<NodeDirectory>();
        services.AddSingleton<NodeLines>();
        services.AddSingleton<ClusterLinks>();
        services.AddSingleton<LocalNodes>();
        services.AddSingleton<Audiences>();
        services.AddSingleton<ClusterEngine>();
        services.AddSingleton<IEngine>(static all => all.GetRequiredService<ClusterEngine>());
        services.AddSingleton<ICluster, ClusterView>();
        services.AddSingleton<GrainCalls>();
        services.AddSingleton(typeof(NamedGrains<>));
        services.AddSingleton<NameIndexes>();
        services.AddSingleton<ClusterKeys>();
        services.AddSingleton<ClusterQueues>();
        services.AddSingleton<ClusterChannels>();
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
