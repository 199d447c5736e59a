using Microsoft.Extensions.DependencyInjection;
using Signalbox.Engine.Cluster.Channels;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Queues;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Cluster.Users;
using Signalbox.Engine.Clusters;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>What this process sees of its cluster.</summary>
internal sealed class ClusterView(
    ClusterLinks links,
    LocalNodes nodes,
    ClusterSettings settings,
    TimeProvider time,
    IServiceProvider services) : ICluster
{
    /// <summary>Whoever has not answered by then is shown without what it would have said.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ISiloStatusOracle? _silo = services.GetService<ISiloStatusOracle>();

    public string? Trouble
    {
        get
        {
            if (_silo is { CurrentStatus: not SiloStatus.Active and var status }) return $"The silo is {NameOf(status)}.";

            // What Orleans' own parts think of themselves: the list of members that cannot be written, for one.
            foreach (var part in services.GetServices<IHealthCheckParticipant>())
            {
                if (!part.CheckHealth(time.GetUtcNow().UtcDateTime - settings.NodeLease, out var reason)) return reason;
            }

            return nodes.All.Any(node => node.SilentFor > settings.NodeLease)
                ? "The cluster has not answered this process for a while."
                : null;
        }
    }

    public async ValueTask<ClusterState> LookAsync(CancellationToken cancellationToken)
    {
        var news = await links.Calls.AskAsync(() => links.Nodes.ReadAsync(), cancellationToken);
        var management = links.Grains.GetGrain<IManagementGrain>(0);
        var members = await links.Calls.AskAsync(
            async () => await management.GetDetailedHosts(), cancellationToken);

        var silos = members
            .Where(member => member.Status is not SiloStatus.Dead)
            .Select(member => LookAtAsync(member, news, management));
        var processes = news.Nodes.Where(node => node.TakesDeliveries).Select(LookAtAsync);
        return new ClusterState(await Task.WhenAll(silos), await Task.WhenAll(processes));
    }

    private static async Task<SiloState> LookAtAsync(
        MembershipEntry member, NodesNews news, IManagementGrain management)
    {
        var silo = member.SiloAddress;
        var version = news.Nodes.FirstOrDefault(node => node.Silo?.Equals(silo) ?? false)?.Version;
        var grains = await InTimeAsync(management.GetSimpleGrainStatistics([silo]));
        return new SiloState(
            AddressOf(silo),
            NameOf(member.Status),
            new DateTimeOffset(DateTime.SpecifyKind(member.StartTime, DateTimeKind.Utc)),
            version,
            grains is null ? null : Count(grains));
    }

    private async Task<NodeState> LookAtAsync(NodeEntry node)
    {
        var backlog = await InTimeAsync(CountAsync());
        return new NodeState(node.Id, node.Silo is { } silo ? AddressOf(silo) : null, node.Version, backlog?.Count);

        async Task<InboxCount?> CountAsync() => await links.Grains.GetGrain<IInboxGrain>(node.Id).CountAsync();
    }

    private static GrainCounts Count(SimpleGrainStatistic[] grains)
    {
        return new GrainCounts(
            Of(typeof(ChannelGrain)), Of(typeof(UserGrain)), Of(typeof(HashKeyGrain)), Of(typeof(QueueGrain)));

        long Of(Type type) => grains
            .Where(one => one.GrainType.StartsWith(type.FullName!, StringComparison.Ordinal))
            .Sum(one => (long)one.ActivationCount);
    }

    private static async Task<T?> InTimeAsync<T>(Task<T> asked)
        where T : class?
    {
        try
        {
            return await asked.WaitAsync(Patience);
        }
        catch (Exception e) when (GrainCalls.IsUnavailable(e))
        {
            return null;
        }
    }

    // Lower case, as all words of the protocol.
    private static string NameOf(SiloStatus status) => status.ToString().ToLowerInvariant();

    private static string AddressOf(SiloAddress silo) => silo.Endpoint.ToString();
}
