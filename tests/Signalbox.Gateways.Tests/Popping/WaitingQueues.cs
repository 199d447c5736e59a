using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Mqtt;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;

namespace Signalbox.Gateways.Tests.Popping;

/// <summary>An engine at whose queues every pop waits for what the test has it end with.</summary>
internal sealed class WaitingQueues(IEngine engine, Task<PopAnswer> popping) : IEngine
{
    public IQueue Queue(string name, QueuePart part) => new WaitingQueue(engine.Queue(name, part), popping);

    public IChannel Channel(string name) => engine.Channel(name);

    public IHashKey Hash(string key) => engine.Hash(key);

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

    public ValueTask LeaveAsync(INode node, CancellationToken cancellationToken) =>
        engine.LeaveAsync(node, cancellationToken);

    public ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        engine.AttachFilterAsync(filter, attachment, cancellationToken);

    public ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        engine.DetachFilterAsync(filter, attachment, cancellationToken);

    private sealed class WaitingQueue(IQueue queue, Task<PopAnswer> popping) : IQueue
    {
        public ValueTask<PopAnswer> PopAsync(PopRequest request, CancellationToken cancellationToken) => new(popping);

        public ValueTask<PushAnswer> PushAsync(PushRequest request, CancellationToken cancellationToken) =>
            queue.PushAsync(request, cancellationToken);

        public ValueTask<Refusal> AcknowledgeAsync(Receipt receipt, CancellationToken cancellationToken) =>
            queue.AcknowledgeAsync(receipt, cancellationToken);

        public ValueTask<Refusal> ReturnAsync(ReturnRequest request, CancellationToken cancellationToken) =>
            queue.ReturnAsync(request, cancellationToken);

        public ValueTask<Refusal> ExtendAsync(Receipt receipt, TimeSpan lease, CancellationToken cancellationToken) =>
            queue.ExtendAsync(receipt, lease, cancellationToken);

        public ValueTask<IReadOnlyList<QueueItem>> PeekAsync(int limit, CancellationToken cancellationToken) =>
            queue.PeekAsync(limit, cancellationToken);

        public ValueTask<QueueCounts> CountAsync(CancellationToken cancellationToken) => queue.CountAsync(cancellationToken);

        public ValueTask<ClearAnswer> ClearAsync(CancellationToken cancellationToken) => queue.ClearAsync(cancellationToken);
    }
}
