using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Mqtt;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;
using Xunit.Sdk;

namespace Signalbox.Engine.Cluster.Tests.Conformance;

/// <summary>What the cluster has of the contract, under names of one's own; facts about the rest are skipped.</summary>
internal sealed class EngineSoFar(ClusterEngine engine, string prefix) : IEngine
{
    public IHashKey Hash(string key) => engine.Hash(prefix + key);

    public IQueue Queue(string name, QueuePart part) => engine.Queue(prefix + name, part);

    public IChannel Channel(string name) => throw Missing("channels");

    public IUser User(string id) => throw Missing("users");

    public IMqttSession MqttSession(string id) => throw Missing("sessions");

    public ValueTask<IReadOnlyList<string>> ListMqttSessionsAsync(CancellationToken cancellationToken) =>
        throw Missing("sessions");

    public ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast, CancellationToken cancellationToken) =>
        throw Missing("broadcasts");

    public ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request, CancellationToken cancellationToken) =>
        throw Missing("lists");

    public ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken) =>
        throw Missing("lists");

    public ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken) =>
        throw Missing("lists");

    public ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken) =>
        throw Missing("channels");

    public ValueTask<long> CountKeysAsync(CancellationToken cancellationToken) => throw Missing("lists");

    public ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken) => throw Missing("lists");

    public ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken) => throw Missing("lists");

    public ValueTask JoinAsync(INode node, CancellationToken cancellationToken) => throw Missing("nodes");

    public ValueTask LeaveAsync(INode node, CancellationToken cancellationToken) => throw Missing("nodes");

    public ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        throw Missing("filters");

    public ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        throw Missing("filters");

    private static SkipException Missing(string what) =>
        SkipException.ForSkip($"The cluster has no {what} yet.");
}
