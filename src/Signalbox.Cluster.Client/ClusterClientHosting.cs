using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Nodes;
using Signalbox.InProcess;
using StackExchange.Redis;

namespace Signalbox.Cluster.Client;

/// <summary>Has a .NET service take part in a cluster, without a gateway in between.</summary>
public static class ClusterClientHosting
{
    /// <summary>Adds <see cref="ISignalbox"/> on the cluster that this Redis knows. The service is a node of its own: what
    /// it subscribes to comes to it by its own stream.</summary>
    /// <param name="redis">As the silos have it in <c>Cluster:Redis</c>.</param>
    public static IServiceCollection AddSignalboxClusterClient(
        this IServiceCollection services, string redis, ClusterClientOptions? options = null)
    {
        options ??= new ClusterClientOptions();
        var connection = ConfigurationOptions.Parse(redis);
        services.AddOrleansClient(client =>
        {
            client.AddSignalbox(ClusterSettings.Default);
            client.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.Id;
                cluster.ServiceId = options.Id;
            });
            client.UseRedisClustering(clustering => clustering.ConfigurationOptions = connection);
            client.UseConnectionRetryFilter(new ConnectRetries(options.ConnectTimeout).ShouldRetryAsync);
        });
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new Node(
            $"{options.Name}-{Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 6))}",
            provider.GetRequiredService<IEngine>(),
            ChannelRules.Default));
        services.AddSingleton(new InProcessOptions { Name = options.Name });
        services.AddSingleton<ISignalbox, InProcessSignalbox>();
        // After Orleans' own, so that there is a connection when the node joins, and until it has left.
        services.AddHostedService<ClientNode>();
        return services;
    }
}
