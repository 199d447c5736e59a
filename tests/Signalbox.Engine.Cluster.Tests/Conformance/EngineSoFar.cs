using System.Diagnostics.CodeAnalysis;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
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

    public ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast, CancellationToken cancellationToken) =>
        throw Missing("broadcasts");

    public ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request, CancellationToken cancellationToken) =>
        throw Missing("lists");

    public async ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var page = await engine.ListKeysAsync(WithPrefix(request), cancellationToken);
        return new([.. page.Entries.Select(name => WithoutPrefix(name))], WithoutPrefix(page.Next));
    }

    public async ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var page = await engine.ListQueuesAsync(WithPrefix(request), cancellationToken);
        var entries = page.Entries.Select(entry => entry with { Name = WithoutPrefix(entry.Name) });
        return new([.. entries], WithoutPrefix(page.Next));
    }

    public ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken) =>
        throw Missing("channels");

    // The cluster counts all names, and others have some too.
    public async ValueTask<long> CountKeysAsync(CancellationToken cancellationToken) =>
        (await ListKeysAsync(new ListRequest("", null, 1000), cancellationToken)).Entries.Count;

    public ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken) =>
        engine.Keys.DeleteAllAsync(prefix, cancellationToken);

    public ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken) =>
        engine.Queues.ClearAllAsync(prefix, cancellationToken);

    public ValueTask JoinAsync(INode node, CancellationToken cancellationToken) => throw Missing("nodes");

    public ValueTask LeaveAsync(INode node, CancellationToken cancellationToken) => throw Missing("nodes");

    public ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        throw Missing("filters");

    public ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        throw Missing("filters");

    private ListRequest WithPrefix(ListRequest request) =>
        request with { Prefix = prefix + request.Prefix, After = request.After is null ? null : prefix + request.After };

    [return: NotNullIfNotNull(nameof(name))]
    private string? WithoutPrefix(string? name) => name?[prefix.Length..];

    private static SkipException Missing(string what) =>
        SkipException.ForSkip($"The cluster has no {what} yet.");
}
