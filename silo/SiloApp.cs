using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
using Signalbox.Engine.Cluster;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Gateways.Hosting;
using Signalbox.Hosting;
using Signalbox.Serving;
using StackExchange.Redis;

namespace Signalbox.Silo;

/// <summary>A silo put together: the grains, and all gateways on them.</summary>
public static class SiloApp
{
    /// <inheritdoc cref="ServingHost.Read"/>
    public static SiloOptions ReadOptions(string[] args)
    {
        var options = new SiloOptions();
        ServingHost.Read(options, args);
        return options;
    }

    public static WebApplication Build(string[] args, SiloOptions options)
    {
        var builder = ServingHost.CreateBuilder(args, options);
        var settings = options.ToClusterSettings();
        // Advice about the garbage collector, and a first check of itself that Orleans believes to be late by the machine's
        // whole uptime: at each start, and nothing to act on.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // And of a start that fails three stacks, where who started it says one sentence.
        var hasStarted = false;
        foreach (var category in (string[])["Orleans.Runtime.Silo", "Orleans.Runtime.SiloLifecycleSubject"])
        {
            builder.Logging.AddFilter(category, level => level >= LogLevel.Error && hasStarted);
        }

        // In this order they start, and stop the other way round: first no clients come in any more, then the node leaves,
        // and the grains go last.
        builder.UseOrleans(silo => Configure(silo.AddSignalbox(settings), options.Cluster));
        builder.Services.AddHostedService<NodeHost>();
        builder.Services.AddSignalboxNode(options, settings.Rules);
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => hasStarted = true);
        app.MapSignalboxGateways(isWholeSite: true);
        return app;
    }

    private static void Configure(ISiloBuilder silo, ClusterOptions options)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
        {
            cluster.ClusterId = options.Id;
            cluster.ServiceId = options.Id;
        });
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = options.IPAddress;
            endpoints.SiloPort = options.SiloPort;
            endpoints.GatewayPort = options.ClientPort;
            endpoints.SiloListeningEndpoint = new(options.IPAddress, options.SiloPort);
            if (options.ClientPort > 0) endpoints.GatewayListeningEndpoint = new(options.IPAddress, options.ClientPort);
        });
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = options.ProbeInterval;
            membership.NumMissedProbesLimit = options.MissedProbes;
            membership.NumVotesForDeathDeclaration = options.Votes;
            membership.TableRefreshTimeout = options.ProbeInterval * 10;
        });

        if (options.Redis is null)
        {
            silo.UseLocalhostClustering(options.SiloPort, options.ClientPort, null, options.Id, options.Id);
            silo.AddMemoryGrainStorage(JournalStorage.Name, memory => memory.Configure<Serializer>((storage, serializer) =>
                storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer)));
            return;
        }

        silo.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Redis));
        silo.AddRedisGrainStorage(JournalStorage.Name, redis => redis.Configure<Serializer>((storage, serializer) =>
        {
            storage.ConfigurationOptions = ConfigurationOptions.Parse(options.Redis);
            // Threads of its own would cost a switch for each write and each answer.
            storage.ConfigurationOptions.SocketManager = SocketManager.ThreadPool;
            storage.DeleteStateOnClear = true;
            // Pages are bytes already: as JSON they would grow by a third.
            storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
    }
}
