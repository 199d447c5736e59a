using System.Security.Cryptography;
using Signalbox.Core.Names;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Channels;
using Signalbox.Engine.Embedded.Hashes;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Mqtt;
using Signalbox.Engine.Embedded.Queues;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Embedded.Users;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Mqtt;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Embedded;

/// <summary>The engine of one process: every machine in memory, one log, one node.</summary>
public sealed class EmbeddedEngine : IEngine, IDisposable
{
    private const int ShardCount = 16;

    private static readonly QueuePart[] Parts = [QueuePart.Live, QueuePart.Dead];

    private readonly Shard[] _shards = new Shard[ShardCount];
    private readonly Restoring _restoring;
    private int _watches;

    public EmbeddedEngine(
        TimeProvider clock, ILog log, ChannelRules rules, EngineLimits limits, EngineDurability durability)
    {
        Rules = rules;
        Limits = limits;
        Durability = durability;
        Channels = new Population(limits.MaxChannels);
        Keys = new Population(limits.MaxKeys);
        Queues = new Population(limits.MaxQueues);
        _restoring = new Restoring(this);
        for (var i = 0; i < _shards.Length; i++) _shards[i] = new Shard(this, clock, log);
    }

    public ChannelRules Rules { get; }

    public EngineLimits Limits { get; }

    public EngineDurability Durability { get; }

    internal IReadOnlyList<Shard> Shards => _shards;

    internal Population Channels { get; }

    internal Population Keys { get; }

    internal Population Queues { get; }

    /// <summary>Users are as many as there are connections, which the gateways bound, and a while of rate limits.</summary>
    internal Population Users { get; } = new(int.MaxValue);

    /// <summary>Sessions are bounded by the gateways too.</summary>
    internal Population MqttSessions { get; } = new(int.MaxValue);

    /// <summary>
    /// The runtime's own hash is seeded per process, so that nobody can aim at one shard. A simulation must be able to.
    /// </summary>
    internal Func<string, int> ShardHash { get; init; } = static name => name.GetHashCode();

    internal INode? Node { get; private set; }

    /// <summary>Messages that channels took since the start.</summary>
    internal long Published => _shards.Sum(shard => shard.Published);

    internal long KeyCount => _shards.Sum(shard => (long)shard.KeyNames.Count);

    /// <summary>Whether anybody watches any key or user.</summary>
    internal bool HasWatchers => Volatile.Read(ref _watches) > 0;

    public IChannel Channel(string name) =>
        name.StartsWith(Name.KeyWatchPrefix, StringComparison.Ordinal) ? new KeyWatchChannel(this, name)
        : name.StartsWith(Name.UserWatchPrefix, StringComparison.Ordinal) ? new UserWatchChannel(this, name)
        : new EmbeddedChannel(ShardOf(name), name);

    public IHashKey Hash(string key) => new EmbeddedHashKey(ShardOf(key), key);

    public IQueue Queue(string name, QueuePart part) => new EmbeddedQueue(ShardOf(name), name, part);

    public IUser User(string id) => OwnUser(id);

    public IMqttSession MqttSession(string id) => new EmbeddedMqttSession(ShardOf(id), id);

    public ValueTask<IReadOnlyList<string>> ListMqttSessionsAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        foreach (var shard in _shards)
        {
            using (shard.Gate.Enter()) ids.AddRange(shard.MqttSessions.All.Select(host => host.Name));
        }

        return new(ids);
    }

    public ValueTask<int> BroadcastAsync(BroadcastDelivery broadcast, CancellationToken cancellationToken)
    {
        var count = Node?.CountBroadcastAudience(broadcast.Except) ?? 0;
        Node?.Post(broadcast);
        return new(count);
    }

    public ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request, CancellationToken cancellationToken) =>
        new(Node?.ListChannels(request) ?? new Page<ChannelEntry>([], null));

    public async ValueTask<Page<RetainedEntry>> ListRetainedAsync(string filter, CancellationToken cancellationToken)
    {
        // One shard after the other: nobody waits longer than it takes to look through a sixteenth of the channels.
        var found = new List<RetainedEntry>();
        foreach (var shard in _shards)
        {
            using (shard.Gate.Enter())
            {
                foreach (var host in shard.Channels.All)
                {
                    if (host.Machine.Retained is not { } message || !ChannelFilter.Matches(filter, host.Name)) continue;
                    found.Add(new RetainedEntry(host.Name, message));
                }
            }
        }

        return await WhenAllDurableAsync(new Page<RetainedEntry>(found, null), shard => shard.Channels.Latest);
    }

    public async ValueTask<Page<string>> ListKeysAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var page = MergedPages.Of(request, _shards.Select(shard => shard.KeyNames.Page(request)));
        return await WhenAllDurableAsync(page, shard => shard.Keys.Latest);
    }

    public async ValueTask<Page<QueueEntry>> ListQueuesAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var names = MergedPages.Of(request, _shards.Select(shard => shard.QueueNames.Page(request)));
        var entries = new List<QueueEntry>(names.Entries.Count);
        foreach (var name in names.Entries)
        {
            var shard = ShardOf(name);
            using (shard.Gate.Enter())
            {
                // A queue where somebody waits, or that was just emptied, is not worth telling.
                if (shard.Queues.Find(name)?.Machine.Counts is not { } counts) continue;
                if (counts is { Live: > 0 } or { Dead: > 0 }) entries.Add(new(name, counts));
            }
        }

        return await WhenAllDurableAsync(new Page<QueueEntry>(entries, names.Next), shard => shard.Queues.Latest);
    }

    public async ValueTask<long> CountKeysAsync(CancellationToken cancellationToken)
    {
        return await WhenAllDurableAsync(KeyCount, shard => shard.Keys.Latest);
    }

    public async ValueTask<ClearAnswer> DeleteAllKeysAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        var refusal = Refusal.None;
        foreach (var shard in _shards)
        {
            using (shard.Gate.Enter())
            {
                var deleted = shard.KeyNames.Count;
                if (deleted > 0 && !shard.HasRoom(Durability.Hash))
                {
                    refusal = Refusal.StorageUnavailable;
                    break;
                }

                var now = shard.Now();
                foreach (var host in shard.Keys.All) EmbeddedHashKey.Delete(shard, host, now);
                count += deleted;
            }
        }

        return await WhenAllDurableAsync(new ClearAnswer(refusal, count), shard => shard.Keys.Latest);
    }

    public async ValueTask<ClearAnswer> ClearAllQueuesAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (var shard in _shards)
        {
            string[] names;
            using (shard.Gate.Enter()) names = [.. shard.Queues.All.Select(host => host.Name)];
            foreach (var name in names)
            {
                foreach (var part in Parts)
                {
                    var answer = await Queue(name, part).ClearAsync(cancellationToken);
                    count += answer.Count;
                    if (answer.Refusal != Refusal.None) return answer with { Count = count };
                }
            }
        }

        return await WhenAllDurableAsync(new ClearAnswer(Refusal.None, count), shard => shard.Queues.Latest);
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
    // and users is it worth knowing whether there are any.
    public ValueTask AttachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        if (Name.IsSystem(filter)) WatchOpened();
        return ValueTask.CompletedTask;
    }

    public ValueTask DetachFilterAsync(string filter, Attachment attachment, CancellationToken cancellationToken)
    {
        if (Name.IsSystem(filter)) WatchClosed();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Makes a machine again of what the log tells. Entries are given in their order, before anything else is done with
    /// the engine, and <see cref="Resume"/> comes after the last of them.
    /// </summary>
    /// <param name="isBeingTold">Whether a checkpoint was under way: machines may be met that are told of later.</param>
    /// <exception cref="RestoreException">What is told cannot have been.</exception>
    public void Restore(in LogEntry entry, bool isBeingTold) => _restoring.Restore(entry, isBeingTold);

    /// <summary>Does what fell due while nobody was there, and is ready.</summary>
    /// <param name="wasClosed">Whether the log holds all that there was, or may have lost what nobody waited for.</param>
    public void Resume(bool wasClosed) => _restoring.Resume(wasClosed);

    public void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
    }

    /// <summary>The items of all queues.</summary>
    internal ItemTotals CountItems()
    {
        var totals = new ItemTotals();
        foreach (var shard in _shards)
        {
            using (shard.Gate.Enter()) totals.Add(shard.Items);
        }

        return totals;
    }

    internal static string NewEpoch() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    internal void WatchOpened() => Interlocked.Increment(ref _watches);

    internal void WatchClosed() => Interlocked.Decrement(ref _watches);

    /// <summary>What reveals something of all machines of a kind waits for the latest of each shard.</summary>
    private async ValueTask<T> WhenAllDurableAsync<T>(T answer, Func<Shard, long> latest)
    {
        foreach (var shard in _shards)
        {
            long position;
            using (shard.Gate.Enter()) position = latest(shard);
            await shard.WhenDurable(answer, position);
        }

        return answer;
    }

    internal EmbeddedUser OwnUser(string id) => new(ShardOf(id), id);

    internal Shard ShardOf(string name) => _shards[(uint)ShardHash(name) % ShardCount];
}
