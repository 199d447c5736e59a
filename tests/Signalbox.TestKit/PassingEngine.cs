using Signalbox.Core.Queues;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Mqtt;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;

namespace Signalbox.TestKit;

/// <summary>Passes everything on to another engine: a test overrides what it wants otherwise.</summary>
public abstract class PassingEngine(IEngine engine) : IEngine
{
    public virtual IQueue Queue(string name, QueuePart part) => engine.Queue(name, part);

    public virtual IChannel Channel(string name) => engine.Channel(name);

    public virtual IHashKey Hash(string key) => engine.Hash(key);

    public virtual IUser User(string id) => engine.User(id);

    public virtual IMqttSession MqttSession(string id) => engine.MqttSession(id);

    public virtual ValueTask<IReadOnlyList<string>> ListMqttSessionsAsync(CancellationToken cancellationToken) =>
        engine.ListMqttSessionsAsync(cancellationToken);

    public virtual ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast, CancellationToken cancellationToken) =>
        engine.BroadcastAsync(broadcast, cancellationToken);

    public virtual ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request, CancellationToken cancellationToken) =>
        engine.ListChannelsAsync(request, cancellationToken);

    public virtual ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken) =>
        engine.ListRetainedAsync(filter, cancellationToken);

    public virtual ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken) =>
        engine.ListKeysAsync(request, cancellationToken);

    public virtual ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken) =>
        engine.ListQueuesAsync(request, cancellationToken);

    public virtual ValueTask<long> CountKeysAsync(CancellationToken cancellationToken) => engine.CountKeysAsync(cancellationToken);

    public virtual ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken) =>
        engine.DeleteAllKeysAsync(cancellationToken);

    public virtual ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken) =>
        engine.ClearAllQueuesAsync(cancellationToken);

    public virtual ValueTask JoinAsync(INode node, CancellationToken cancellationToken) => engine.JoinAsync(node, cancellationToken);

    public virtual ValueTask LeaveAsync(INode node, CancellationToken cancellationToken) =>
        engine.LeaveAsync(node, cancellationToken);

    public virtual ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        engine.AttachFilterAsync(filter, attachment, cancellationToken);

    public virtual ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        engine.DetachFilterAsync(filter, attachment, cancellationToken);
}
