using System.Security.Cryptography;
using Signalbox.Core.Names;
using Signalbox.Core.Queues;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Channels;
using Signalbox.Engine.Embedded.Hashes;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Queues;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Embedded.Users;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Embedded;

/// <summary>The engine of one process: every machine in memory, one log, one node.</summary>
public sealed class EmbeddedEngine : IEngine, IDisposable
{
    private const int ShardCount = 16;

    private readonly Shard[] _shards = new Shard[ShardCount];
    private int _channels;
    private int _keys;
    private int _queues;
    private int _keyWatches;

    public EmbeddedEngine(TimeProvider clock, ILog log, ChannelRules rules, EngineLimits limits)
    {
        Rules = rules;
        Limits = limits;
        for (var i = 0; i < _shards.Length; i++) _shards[i] = new Shard(this, clock, log);
    }

    public ChannelRules Rules { get; }

    public EngineLimits Limits { get; }

    /// <summary>
    /// The runtime's own hash is seeded per process, so that nobody can aim at one shard. A simulation must be able to.
    /// </summary>
    internal Func<string, int> ShardHash { get; init; } = static name => name.GetHashCode();

    internal INode? Node { get; private set; }

    internal bool HasKeyWatchers => Volatile.Read(ref _keyWatches) > 0;

    public IChannel Channel(string name) =>
        name.StartsWith(Name.KeyWatchPrefix, StringComparison.Ordinal)
            ? new KeyWatchChannel(this, name)
            : new EmbeddedChannel(ShardOf(name), name);

    public IHashKey Hash(string key) => new EmbeddedHashKey(ShardOf(key), key);

    public IQueue Queue(string name, QueuePart part) => new EmbeddedQueue(ShardOf(name), name, part);

    public IUser User(string id) => new EmbeddedUser(ShardOf(id), id);

    public ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast, CancellationToken cancellationToken)
    {
        var count = Node?.CountBroadcastAudience(broadcast.Except) ?? 0;
        Node?.Post(broadcast);
        return new(count);
    }

    public ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request, CancellationToken cancellationToken) =>
        new(Node?.ListChannels(request) ?? new Page<ChannelEntry>([], null));

    public ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken) =>
        new(MergedPages.Of(request, [.. _shards.Select(shard => shard.KeyNames)]));

    public ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var names = MergedPages.Of(request, [.. _shards.Select(shard => shard.QueueNames)]);
        var entries = new List<QueueEntry>(names.Entries.Count);
        foreach (var name in names.Entries)
        {
            var shard = ShardOf(name);
            lock (shard.Gate)
            {
                // A queue where somebody waits, or that was just emptied, is not worth telling.
                if (!shard.Queues.TryGetValue(name, out var host)) continue;
                if (host.Machine.Counts is { Live: > 0 } or { Dead: > 0 }) entries.Add(new(name, host.Machine.Counts));
            }
        }

        return new(new Page<QueueEntry>(entries, names.Next));
    }

    public ValueTask<long> CountKeysAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (var shard in _shards) count += shard.KeyNames.Count;
        return new(count);
    }

    public async ValueTask<long> DeleteAllKeysAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (var shard in _shards)
        {
            int deleted;
            long position;
            lock (shard.Gate)
            {
                var now = shard.Now();
                deleted = shard.KeyNames.Count;
                foreach (var host in shard.Keys.Values.ToArray()) EmbeddedHashKey.Delete(shard, host, now);
                position = shard.Position;
            }

            count += await shard.WhenDurable(deleted, position);
        }

        return count;
    }

    public async ValueTask<long> ClearAllQueuesAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (var shard in _shards)
        {
            string[] names;
            lock (shard.Gate) names = [.. shard.Queues.Keys];
            foreach (var name in names)
            {
                count += await Queue(name, QueuePart.Live).ClearAsync(cancellationToken);
                count += await Queue(name, QueuePart.Dead).ClearAsync(cancellationToken);
            }
        }

        return count;
    }

    public ValueTask JoinAsync(INode node, CancellationToken cancellationToken)
    {
        if (Node is not null) throw new InvalidOperationException("An engine of one process has one node.");

        Node = node;
        return ValueTask.CompletedTask;
    }

    public ValueTask LeaveAsync(INode node, CancellationToken cancellationToken)
    {
        if (Node == node) Node = null;
        return ValueTask.CompletedTask;
    }

    // In one process a filter needs no attachment: the node itself is asked who listens. Only for watches of keys
    // is it worth knowing whether there are any.
    public ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        if (Name.IsSystem(filter)) KeyWatchOpened();
        return ValueTask.CompletedTask;
    }

    public ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        if (Name.IsSystem(filter)) KeyWatchClosed();
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
    }

    internal static string NewEpoch() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    internal bool TryOpenChannel() => TryCount(ref _channels, Limits.MaxChannels);

    internal void ChannelForgotten() => Interlocked.Decrement(ref _channels);

    internal bool TryOpenKey() => TryCount(ref _keys, Limits.MaxKeys);

    internal void KeyForgotten() => Interlocked.Decrement(ref _keys);

    internal bool TryOpenQueue() => TryCount(ref _queues, Limits.MaxQueues);

    internal void QueueForgotten() => Interlocked.Decrement(ref _queues);

    internal void KeyWatchOpened() => Interlocked.Increment(ref _keyWatches);

    internal void KeyWatchClosed() => Interlocked.Decrement(ref _keyWatches);

    private static bool TryCount(ref int count, int limit)
    {
        if (Interlocked.Increment(ref count) <= limit) return true;

        Interlocked.Decrement(ref count);
        return false;
    }

    private Shard ShardOf(string name) => _shards[(uint)ShardHash(name) % ShardCount];
}
