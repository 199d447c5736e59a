using Signalbox.Core.Hashes;
using Signalbox.Core.Names;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Hashes;

namespace Signalbox.Engine.Embedded.Hashes;

/// <summary>What can be said to one hash key of this process.</summary>
internal sealed class EmbeddedHashKey(Shard shard, string name) : IHashKey
{
    public ValueTask<SetAnswer> SetAsync(SetRequest request, CancellationToken cancellationToken)
    {
        SetAnswer answer;
        long position;
        lock (shard.Gate)
        {
            if (Open() is not { } host) return new(new SetAnswer(Refusal.TooManyKeys, 0));

            var now = shard.Now();
            if (!TryExpiry(request.Ttl, request.ExpiresAt, now, out var expiresAt))
            {
                Settle(shard, host, now);
                return new(new SetAnswer(Refusal.OutOfRange, 0));
            }

            var refusal = host.Machine.Set(
                request.Value, expiresAt, request.Condition, request.Id, now, out var fact, out var version);
            if (fact is not null) Commit(shard, host, fact, now);
            Settle(shard, host, now);
            answer = new SetAnswer(refusal, version);
            position = shard.Position;
        }

        return shard.WhenDurable(answer, position);
    }

    public ValueTask<HashValue?> GetAsync(CancellationToken cancellationToken)
    {
        HashValue? value;
        long position;
        lock (shard.Gate)
        {
            value = shard.Keys.TryGetValue(name, out var host) ? host.Machine.Get(shard.Now()) : null;
            position = shard.Position;
        }

        return shard.WhenDurable(value, position);
    }

    public ValueTask<DeleteAnswer> DeleteAsync(SetCondition condition, CancellationToken cancellationToken)
    {
        DeleteAnswer answer;
        long position;
        lock (shard.Gate)
        {
            var isKnown = shard.Keys.TryGetValue(name, out var host);
            var now = shard.Now();
            var refusal = (host?.Machine ?? new HashKey(shard.Engine.Limits.Hash)).Delete(condition, now, out var fact);
            if (fact is not null && isKnown)
            {
                Commit(shard, host!, fact, now); // Known, so there.
                Settle(shard, host!, now);
            }

            answer = new DeleteAnswer(refusal, fact is not null);
            position = shard.Position;
        }

        return shard.WhenDurable(answer, position);
    }

    public ValueTask<IncrementAnswer> IncrementAsync(IncrementRequest request, CancellationToken cancellationToken)
    {
        IncrementAnswer answer;
        long position;
        lock (shard.Gate)
        {
            if (Open() is not { } host) return new(new IncrementAnswer(Refusal.TooManyKeys, 0, 0));

            var now = shard.Now();
            if (!TryExpiry(request.Ttl, null, now, out var expiresAt))
            {
                Settle(shard, host, now);
                return new(new IncrementAnswer(Refusal.OutOfRange, 0, 0));
            }

            var refusal = host.Machine.Increment(
                request.By, expiresAt, request.Id, now, out var fact, out var sum, out var version);
            if (fact is not null) Commit(shard, host, fact, now);
            Settle(shard, host, now);
            answer = new IncrementAnswer(refusal, sum, version);
            position = shard.Position;
        }

        return shard.WhenDurable(answer, position);
    }

    /// <summary>Does what the passing of time has brought about.</summary>
    public static void LookAfter(Shard shard, Host<HashKey> host, DateTimeOffset now)
    {
        while (host.Machine.NextDue(now) is { } due) Commit(shard, host, due, now);
        Settle(shard, host, now);
    }

    /// <summary>Deletes the key, whoever asked for it.</summary>
    public static void Delete(Shard shard, Host<HashKey> host, DateTimeOffset now)
    {
        host.Machine.Delete(SetCondition.Always, now, out var fact);
        if (fact is not null) Commit(shard, host, fact, now);
        Settle(shard, host, now);
    }

    private static void Commit(Shard shard, Host<HashKey> host, HashFact fact, DateTimeOffset now)
    {
        shard.Append(MachineKind.HashKey, host.Name, fact);
        host.Machine.Apply(fact);
        List(shard, host.Name, fact);

        if (!shard.Engine.HasKeyWatchers) return;

        // A watcher sees the value as a message whose offset is the version; null says that there is none.
        var (payload, version) = fact switch
        {
            KeySet set => (set.Value, set.Version),
            KeyRemoved removed => (Payload.Null, removed.Version),
            _ => (default, 0L),
        };
        if (version == 0) return;

        var channel = Name.KeyWatchPrefix + host.Name;
        if (shard.Engine.Node?.CountAudience(channel) > 0)
        {
            shard.Deliver(new MessageDelivery(
                channel,
                KeyWatchChannel.Epoch,
                new(version, now, payload, Headers.None, KeyWatchChannel.Source, null, Retain: false)));
        }
    }

    // A key without a value may be remembered for its version or for ids, and is no key to anybody who looks.
    private static void List(Shard shard, string name, HashFact fact)
    {
        if (fact is KeySet) shard.KeyNames.Add(name);
        else if (fact is KeyRemoved) shard.KeyNames.Remove(name);
    }

    private static void Settle(Shard shard, Host<HashKey> host, DateTimeOffset now)
    {
        if (host.Machine.IsEmpty)
        {
            // Its successor takes versions from the clock, which must have passed the last one.
            if (!host.Machine.CanForget(now))
            {
                shard.Schedule(host, now + TimeSpan.FromMilliseconds(1));
                return;
            }

            if (Shard.Forget(shard.Keys, host)) shard.Engine.KeyForgotten();
            return;
        }

        shard.Schedule(host, host.Machine.NextWakeUp);
    }

    private static bool TryExpiry(
        TimeSpan? ttl, DateTimeOffset? expiresAt, DateTimeOffset now, out DateTimeOffset? result)
    {
        result = expiresAt;
        if (ttl is not { } time) return true;
        if (time < TimeSpan.Zero || time > DateTimeOffset.MaxValue - now) return false;

        result = now + time;
        return true;
    }

    private Host<HashKey>? Open()
    {
        if (shard.Keys.TryGetValue(name, out var host)) return host;
        if (!shard.Engine.TryOpenKey()) return null;

        host = new Host<HashKey>(name, new HashKey(shard.Engine.Limits.Hash));
        shard.Keys.Add(name, host);
        return host;
    }
}
