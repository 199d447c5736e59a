using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Mqtt;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;

namespace Signalbox.Engine;

/// <summary>
/// The whole of Signalbox as its gateways see it. Behind it is one process or a cluster; clients never see which.
/// </summary>
/// <remarks>
/// Names are valid when they come here: gateways check them. To get a channel, key, queue or user costs nothing and
/// creates nothing; only what is said to it does. Every answer is durable, as far as the settings of its kind and
/// channel say, when its task completes.
/// </remarks>
public interface IEngine
{
    IChannel Channel(string name);

    IHashKey Hash(string key);

    /// <summary>The live part of the queue or, for its dead letters, the other one.</summary>
    IQueue Queue(string name, QueuePart part);

    IUser User(string id);

    /// <summary>The session with this id, which is not its client's name.</summary>
    IMqttSession MqttSession(string id);

    /// <summary>The ids of all sessions that are kept.</summary>
    ValueTask<IReadOnlyList<string>> ListMqttSessionsAsync(CancellationToken cancellationToken);

    /// <summary>Hands something to every connection that subscribes to anything, once each.</summary>
    /// <returns>How many connections it was handed to.</returns>
    ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast, CancellationToken cancellationToken);

    /// <summary>Channels that somebody subscribes to, by name.</summary>
    ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request, CancellationToken cancellationToken);

    /// <summary>The values of all channels whose names match this filter, in one page.</summary>
    ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken);

    ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken);

    ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken);

    ValueTask<long> CountKeysAsync(CancellationToken cancellationToken);

    /// <returns>How many keys there were.</returns>
    ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken);

    /// <returns>How many items there were, dead letters included.</returns>
    ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken);

    /// <summary>From now on this node gets what its subscribers are to see.</summary>
    ValueTask JoinAsync(INode node, CancellationToken cancellationToken);

    /// <summary>The node is leaving, with all that came through it.</summary>
    ValueTask LeaveAsync(INode node, CancellationToken cancellationToken);

    /// <summary>The node has subscribers to names that match this filter.</summary>
    ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken);

    ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken);
}
