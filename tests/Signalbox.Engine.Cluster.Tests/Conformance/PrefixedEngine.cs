using Signalbox.Core.Names;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Cluster.Tests.Conformance;

/// <summary>The cluster under names of one's own, so that facts do not see what others left behind.</summary>
/// <param name="prefix">One level of a name, with its end.</param>
internal sealed class PrefixedEngine(ClusterEngine engine, string prefix) : IEngine
{
    public IHashKey Hash(string key) => engine.Hash(prefix + key);

    public IQueue Queue(string name, QueuePart part) => engine.Queue(prefix + name, part);

    public IChannel Channel(string name) => engine.Channel(Prefixed(prefix, name));

    public IUser User(string id) => engine.User(prefix + id);

    public ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast, CancellationToken cancellationToken) =>
        engine.BroadcastAsync(broadcast, cancellationToken);

    public async ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var page = await engine.ListChannelsAsync(Prefixed(request), cancellationToken);
        return new([.. page.Entries.Select(one => one with { Name = Plain(one.Name) })], Cursor(page.Next));
    }

    public async ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken)
    {
        var page = await engine.ListRetainedAsync(prefix + filter, cancellationToken);
        return new([.. page.Entries.Select(one => one with { Channel = Plain(one.Channel) })], Cursor(page.Next));
    }

    public async ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var page = await engine.ListKeysAsync(Prefixed(request), cancellationToken);
        return new([.. page.Entries.Select(Plain)], Cursor(page.Next));
    }

    public async ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var page = await engine.ListQueuesAsync(Prefixed(request), cancellationToken);
        return new([.. page.Entries.Select(one => one with { Name = Plain(one.Name) })], Cursor(page.Next));
    }

    // The cluster counts all names, and others have some too.
    public async ValueTask<long> CountKeysAsync(CancellationToken cancellationToken) =>
        (await ListKeysAsync(new ListRequest("", null, 1000), cancellationToken)).Entries.Count;

    public ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken) =>
        engine.Keys.DeleteAllAsync(prefix, cancellationToken);

    public ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken) =>
        engine.Queues.ClearAllAsync(prefix, cancellationToken);

    public ValueTask JoinAsync(INode node, CancellationToken cancellationToken) =>
        engine.JoinAsync(new PrefixedNode(node, prefix), cancellationToken);

    public ValueTask LeaveAsync(INode node, CancellationToken cancellationToken) =>
        engine.LeaveAsync(new PrefixedNode(node, prefix), cancellationToken);

    public ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        engine.AttachFilterAsync(Prefixed(prefix, filter), attachment, cancellationToken);

    public ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken) =>
        engine.DetachFilterAsync(Prefixed(prefix, filter), attachment, cancellationToken);

    private static string Prefixed(string prefix, string name) =>
        name.StartsWith(Name.KeyWatchPrefix, StringComparison.Ordinal)
            ? Name.KeyWatchPrefix + prefix + name[Name.KeyWatchPrefix.Length..]
            : prefix + name;

    private ListRequest Prefixed(ListRequest request) =>
        new(prefix + request.Prefix, request.After is null ? null : prefix + request.After, request.Limit);

    private string Plain(string name) => name.Replace(prefix, "", StringComparison.Ordinal);

    private string? Cursor(string? next) => next is null ? null : Plain(next);

    /// <summary>Gives a node what comes under the names that it knows.</summary>
    private sealed class PrefixedNode(INode node, string prefix) : INode
    {
        public string Id => node.Id;

        public void Post(Delivery delivery)
        {
            switch (delivery)
            {
                case MessageDelivery message:
                    node.Post(message with { Channel = Plain(message.Channel) });
                    break;

                case PresenceDelivery presence:
                    node.Post(presence with { Channel = Plain(presence.Channel) });
                    break;

                default:
                    node.Post(delivery);
                    break;
            }
        }

        public int CountAudience(string channel) => node.CountAudience(Plain(channel));

        public int CountBroadcastAudience(string? except) => node.CountBroadcastAudience(except);

        public Page<ChannelEntry> ListChannels(ListRequest request)
        {
            // All of them, and then those that were asked for: the order is the same with and without the prefix.
            var page = node.ListChannels(new ListRequest("", null, int.MaxValue));
            var entries = page.Entries
                .Select(one => one with { Name = Prefixed(prefix, one.Name) })
                .Where(one => one.Name.StartsWith(request.Prefix, StringComparison.Ordinal)
                    && string.CompareOrdinal(one.Name, request.After) > 0);
            return new Page<ChannelEntry>([.. entries.Take(request.Limit)], null);
        }

        private string Plain(string channel) => channel.Replace(prefix, "", StringComparison.Ordinal);
    }
}
