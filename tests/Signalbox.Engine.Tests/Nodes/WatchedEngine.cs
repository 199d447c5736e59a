using Signalbox.Core.Channels;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Mqtt;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Tests.Nodes;

/// <summary>An engine whose attachments are written down, and wait or fail where the test wants it.</summary>
internal sealed class WatchedEngine(IEngine engine) : IEngine
{
    private readonly Lock _gate = new();
    private readonly List<string> _said = [];

    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_gate) return [.. _said];
        }
    }

    /// <summary>What an attachment waits for.</summary>
    public Func<Task> Attaching { get; set; } = () => Task.CompletedTask;

    public IChannel Channel(string name) => new WatchedChannel(this, engine.Channel(name), name);

    public async ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        Say($"+ {filter} {attachment.Ticket}");
        await Attaching();
        await engine.AttachFilterAsync(filter, attachment, cancellationToken);
    }

    public ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        Say($"- {filter} {attachment.Ticket}");
        return engine.DetachFilterAsync(filter, attachment, cancellationToken);
    }

    public IHashKey Hash(string key) => engine.Hash(key);

    public IQueue Queue(string name, QueuePart part) => engine.Queue(name, part);

    public IUser User(string id) => engine.User(id);

    public IMqttSession MqttSession(string id) => engine.MqttSession(id);

    public ValueTask<IReadOnlyList<string>> ListMqttSessionsAsync(CancellationToken cancellationToken) =>
        engine.ListMqttSessionsAsync(cancellationToken);

    public ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast, CancellationToken cancellationToken) =>
        engine.BroadcastAsync(broadcast, cancellationToken);

    public ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request, CancellationToken cancellationToken) =>
        engine.ListChannelsAsync(request, cancellationToken);

    public ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken) =>
        engine.ListRetainedAsync(filter, cancellationToken);

    public ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken) =>
        engine.ListKeysAsync(request, cancellationToken);

    public ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken) =>
        engine.ListQueuesAsync(request, cancellationToken);

    public ValueTask<long> CountKeysAsync(CancellationToken cancellationToken) => engine.CountKeysAsync(cancellationToken);

    public ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken) =>
        engine.DeleteAllKeysAsync(cancellationToken);

    public ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken) =>
        engine.ClearAllQueuesAsync(cancellationToken);

    public ValueTask JoinAsync(INode node, CancellationToken cancellationToken) => engine.JoinAsync(node, cancellationToken);

    public ValueTask LeaveAsync(INode node, CancellationToken cancellationToken) => engine.LeaveAsync(node, cancellationToken);

    private void Say(string what)
    {
        lock (_gate) _said.Add(what);
    }

    private sealed class WatchedChannel(WatchedEngine watched, IChannel channel, string name) : IChannel
    {
        public async ValueTask AttachAsync(Attachment attachment, CancellationToken cancellationToken)
        {
            watched.Say($"+ {name} {attachment.Ticket}");
            await watched.Attaching();
            await channel.AttachAsync(attachment, cancellationToken);
        }

        public ValueTask DetachAsync(Attachment attachment, CancellationToken cancellationToken)
        {
            watched.Say($"- {name} {attachment.Ticket}");
            return channel.DetachAsync(attachment, cancellationToken);
        }

        public ValueTask<PublishAnswer> PublishAsync(PublishRequest request, CancellationToken cancellationToken) =>
            channel.PublishAsync(request, cancellationToken);

        public ValueTask ForgetAsync(string id, CancellationToken cancellationToken) => channel.ForgetAsync(id, cancellationToken);

        public ValueTask<EnterAnswer> EnterAsync(EnterRequest request, CancellationToken cancellationToken) =>
            channel.EnterAsync(request, cancellationToken);

        public ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken) =>
            channel.LeaveAsync(memberId, cancellationToken);

        public ValueTask<HistoryRead> HistoryAsync(HistoryRequest request, CancellationToken cancellationToken) =>
            channel.HistoryAsync(request, cancellationToken);

        public ValueTask<PresenceAnswer> PresenceAsync(CancellationToken cancellationToken) =>
            channel.PresenceAsync(cancellationToken);
    }
}
