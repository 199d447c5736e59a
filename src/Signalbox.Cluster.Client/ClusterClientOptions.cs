namespace Signalbox.Cluster.Client;

/// <summary>Which cluster a service joins, and who it is there.</summary>
public sealed record ClusterClientOptions
{
    /// <summary>The name of the cluster, as its silos have it in <c>Cluster:Id</c>. Default signalbox.</summary>
    public string Id { get; init; } = "signalbox";

    /// <summary>What others see of the service, in presence and as the source of messages. Default "service".</summary>
    public string Name { get; init; } = "service";

    /// <summary>How long the start may take until the cluster is found. Default 30 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
