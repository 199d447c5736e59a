using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Signalbox.Engine.Cluster.Channels;
using Signalbox.Engine.Cluster.Forms;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Cluster.Users;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>The ways from a process into the cluster.</summary>
internal sealed class ClusterLinks(
    IServiceProvider services, IGrainFactory grains, NodeDirectory directory, GrainCalls calls)
{
    private readonly NamedGrains<IChannelGrain> _channels = services.GetRequiredService<NamedGrains<IChannelGrain>>();
    private readonly NamedGrains<IHashKeyGrain> _keys = services.GetRequiredService<NamedGrains<IHashKeyGrain>>();
    private readonly NamedGrains<IUserGrain> _users = services.GetRequiredService<NamedGrains<IUserGrain>>();
    private readonly Standstill? _standstill = services.GetService<Standstill>();
    private readonly ClientCheck? _check = services.GetService<ClientCheck>();
    private readonly ClusterRefusal? _refusal = services.GetService<ClusterRefusal>();

    public IGrainFactory Grains => grains;

    public NodeDirectory Directory => directory;

    public GrainCalls Calls => calls;

    public PublishLines Publishing { get; } = new(calls);

    public INodesGrain Nodes => grains.GetGrain<INodesGrain>(0);

    public IStreamProvider Streams { get; } = services.GetRequiredKeyedService<IStreamProvider>(InboxStream.Provider);

    /// <summary>The silo that this process is; null for a client.</summary>
    public SiloAddress? Silo { get; } = services.GetService<ILocalSiloDetails>()?.SiloAddress;

    /// <summary>Waits until it is known that the cluster has not gone on without this process: then what it says of
    /// itself is true.</summary>
    public Task WhenNotLeftBehindAsync() => _standstill?.WhenRuledOutAsync() ?? Task.CompletedTask;

    /// <summary>Makes sure that the silos speak as this process does. A silo knows since its start.</summary>
    /// <exception cref="ClusterRefusedException">They do not.</exception>
    public Task CheckFormAsync(CancellationToken cancellationToken) =>
        _check?.CheckAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Says to the service that this process has no part in the cluster any more.</summary>
    public void Refuse(ClusterRefusedException reason) => _refusal?.Tell(reason);

    public IChannelGrain ChannelGrain(string name) => _channels.Find(name);

    public IHashKeyGrain KeyGrain(string key) => _keys.Find(key);

    public IUserGrain UserGrain(string id) => _users.Find(id);
}
