using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Cluster.Channels;
using Signalbox.Engine.Cluster.Hashes;
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
    ClusterKeys keys,
    ClusterQueues queues,
    ClusterChannels channels,
    ClusterLinks links,
    LocalNodes nodes,
    Audiences audiences) : IEngine
{
    public ClusterKeys Keys => keys;

    public ClusterQueues Queues => queues;

    public IChannel Channel(string name) => channels.Find(name);

    public IHashKey Hash(string key) => keys.Find(key);

    public IQueue Queue(string name, QueuePart part) => queues.Find(name, part);

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
        await links.Calls.AskAsync(() => links.Nodes.AddFilterAsync(told), cancellationToken);
    }

    public async ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        nodes.Find(attachment.Node).Tellings.RemoveFilter(filter, attachment.Ticket);
        var told = new NodeFilter(attachment.Node, filter, attachment.Ticket);
        await links.Calls.AskAsync(() => links.Nodes.RemoveFilterAsync(told), cancellationToken);
    }

    public ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken) =>
        channels.ListRetainedAsync(filter, cancellationToken);

    public ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken) =>
        keys.ListAsync(request, cancellationToken);

    public ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken) =>
        queues.ListAsync(request, cancellationToken);

    public ValueTask<long> CountKeysAsync(CancellationToken cancellationToken) => keys.CountAsync(cancellationToken);

    public ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken) =>
        keys.DeleteAllAsync("", cancellationToken);

    public ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken) =>
        queues.ClearAllAsync("", cancellationToken);
}
