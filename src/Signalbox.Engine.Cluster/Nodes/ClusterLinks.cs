using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Signalbox.Engine.Cluster.Channels;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Cluster.Users;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>The ways from a process into the cluster.</summary>
internal sealed class ClusterLinks(
    IServiceProvider services, IGrainFactory grains, NodeDirectory directory, GrainCalls calls)
{
    private readonly NamedGrains<IChannelGrain> _channels = new(grains);
    private readonly NamedGrains<IHashKeyGrain> _keys = new(grains);
    private readonly NamedGrains<IUserGrain> _users = new(grains);
    private readonly Standstill? _standstill = services.GetService<Standstill>();

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

    public IChannelGrain ChannelGrain(string name) => _channels.Find(name);

    public IHashKeyGrain KeyGrain(string key) => _keys.Find(key);

    public IUserGrain UserGrain(string id) => _users.Find(id);
}
