using Signalbox.Core.Names;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Channels;
using Signalbox.Engine.Cluster.Hashes;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Cluster.Queues;
using Signalbox.Engine.Cluster.Users;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Cluster;

/// <summary>The engine of a cluster, as every silo and every client of it finds it.</summary>
internal sealed class ClusterEngine(
    IGrainFactory grains, ClusterSettings settings, ClusterLinks links, LocalNodes nodes, Audiences audiences) : IEngine
{
    public IChannel Channel(string name)
    {
        if (name.StartsWith(Name.KeyWatchPrefix, StringComparison.Ordinal))
        {
            var key = name[Name.KeyWatchPrefix.Length..];
            return new ClusterKeyWatch(links, nodes, Hash(key), key);
        }

        return name.StartsWith(Name.UserWatchPrefix, StringComparison.Ordinal)
            ? new ClusterUserWatch(links, nodes, name[Name.UserWatchPrefix.Length..])
            : new ClusterChannel(links, nodes, name);
    }

    public IHashKey Hash(string key) => grains.GetGrain<IHashKeyGrain>(key);

    public IQueue Queue(string name, QueuePart part) =>
        new ClusterQueue(grains.GetGrain<IQueueGrain>(name), part, settings.Clock);

    public IUser User(string id) => new ClusterUser(links, nodes, id);

    public ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast, CancellationToken cancellationToken) =>
        audiences.BroadcastAsync(broadcast);

    public ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request, CancellationToken cancellationToken) =>
        audiences.ListChannelsAsync(request);

    public ValueTask JoinAsync(INode node, CancellationToken cancellationToken) => new(nodes.JoinAsync(node));

    public ValueTask LeaveAsync(INode node, CancellationToken cancellationToken) => new(nodes.LeaveAsync(node));

    public async ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        nodes.Find(attachment.Node).Tellings.AddFilter(filter, attachment.Ticket);
        var told = new NodeFilter(attachment.Node, filter, attachment.Ticket);
        await ClusterErrors.RetryAsync(() => grains.GetGrain<INodesGrain>(0).AddFilterAsync(told), cancellationToken);
    }

    public async ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        nodes.Find(attachment.Node).Tellings.RemoveFilter(filter, attachment.Ticket);
        var told = new NodeFilter(attachment.Node, filter, attachment.Ticket);
        await ClusterErrors.RetryAsync(() => grains.GetGrain<INodesGrain>(0).RemoveFilterAsync(told), cancellationToken);
    }

    public ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<long> CountKeysAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
