using Signalbox.Core.Hashes;
using Signalbox.Core.Names;
using Signalbox.Core.Refusals;
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
        using (shard.Gate.Enter())
        {
            var opened = Open(out var host);
            if (opened != Refusal.None) return new(new SetAnswer(opened, 0));

            var now = shard.Now();
            if (!Expiry.TryResolve(request.Ttl, request.ExpiresAt, now, out var expiresAt))
            {
                Settle(shard, host, now);
                return new(new SetAnswer(Refusal.OutOfRange, 0));
            }

            var refusal = host.Machine.Set(
                request.Value, expiresAt, request.Condition, request.Id, now, out var fact, out var version);
            if (fact is not null && !TryCommit(shard, host, fact, now))
            {
                refusal = Refusal.StorageUnavailable;
                version = 0;
            }

            Settle(shard, host, now);
            answer = new SetAnswer(refusal, version);
            position = host.PositionFor(refusal);
        }

        return shard.WhenDurable(answer, position);
    }

    public ValueTask<HashValue?> GetAsync(CancellationToken cancellationToken)
    {
        HashValue? value;
        long position;
        using (shard.Gate.Enter())
        {
            var host = shard.Keys.Find(name);
            value = host?.Machine.Get(shard.Now());
            position = host?.Position ?? shard.Keys.Absence;
        }

        return shard.WhenDurable(value, position);
    }

    public ValueTask<DeleteAnswer> DeleteAsync(SetCondition condition, CancellationToken cancellationToken)
    {
        DeleteAnswer answer;
        long position;
        using (shard.Gate.Enter())
        {
            var host = shard.Keys.Find(name);
            var now = shard.Now();
            var refusal = (host?.Machine ?? new HashKey(shard.Engine.Limits.Hash)).Delete(condition, now, out var fact);
            var isDeleted = host is not null && fact is not null && TryCommit(shard, host, fact, now);
            if (fact is not null && !isDeleted) refusal = Refusal.StorageUnavailable;
            if (host is not null) Settle(shard, host, now);
            answer = new DeleteAnswer(refusal, isDeleted);
            position = host?.PositionFor(refusal) ?? shard.Keys.Absence;
        }

        return shard.WhenDurable(answer, position);
    }

    public ValueTask<IncrementAnswer> IncrementAsync(IncrementRequest request, CancellationToken cancellationToken)
    {
        IncrementAnswer answer;
        long position;
        using (shard.Gate.Enter())
        {
            var opened = Open(out var host);
            if (opened != Refusal.None) return new(new IncrementAnswer(opened, 0, 0));

            var now = shard.Now();
            if (!Expiry.TryResolve(request.Ttl, null, now, out var expiresAt))
            {
                Settle(shard, host, now);
                return new(new IncrementAnswer(Refusal.OutOfRange, 0, 0));
            }

            var refusal = host.Machine.Increment(
                request.By, expiresAt, request.Id, now, out var fact, out var sum, out var version);
            if (fact is not null && !TryCommit(shard, host, fact, now))
            {
                refusal = Refusal.StorageUnavailable;
                sum = version = 0;
            }

            Settle(shard, host, now);
            answer = new IncrementAnswer(refusal, sum, version);
            position = host.PositionFor(refusal);
        }

        return shard.WhenDurable(answer, position);
    }

    /// <summary>Does what the passing of time has brought about.</summary>
    public static void LookAfter(Shard shard, Host<HashKey> host, DateTimeOffset now)
    {
        while (host.Machine.NextDue(now) is { } due && TryCommit(shard, host, due, now))
        {
            // Whatever is due, and can be written.
        }

        Settle(shard, host, now);
    }

    /// <summary>Deletes the key, whoever asked for it.</summary>
    public static void Delete(Shard shard, Host<HashKey> host, DateTimeOffset now)
    {
        host.Machine.Delete(SetCondition.Always, now, out var fact);
        if (fact is not null) Commit(shard, host, fact, now);
        Settle(shard, host, now);
    }

    /// <returns>False where it cannot be written now; nothing has changed then.</returns>
    private static bool TryCommit(Shard shard, Host<HashKey> host, HashFact fact, DateTimeOffset now)
    {
        if (!HasRoom(shard)) return false;

        Commit(shard, host, fact, now);
        return true;
    }

    private static void Commit(Shard shard, Host<HashKey> host, HashFact fact, DateTimeOffset now)
    {
        shard.Keys.Append(host, fact, shard.Engine.Durability.Hash);
        // Most are set over and over: the index, which is ordered and large, is asked only about new ones.
        if (fact is KeySet && !host.Machine.HasValue(now)) shard.KeyNames.Add(host.Name);
        else if (fact is KeyRemoved) shard.KeyNames.Remove(host.Name);
        host.Machine.Apply(fact);

        if (!shard.Engine.HasWatchers) return;

        var channel = Name.KeyWatchPrefix + host.Name;
        if (shard.Engine.Node?.HasAudience(channel) is not true) return;
        if (KeyWatch.Of(fact, host.Name, now) is { } change) shard.Deliver(change, host.Position);
    }

    private static void Settle(Shard shard, Host<HashKey> host, DateTimeOffset now)
    {
        if (host.Machine.IsEmpty)
        {
            // Its successor takes versions from the clock, which must have passed the last one.
            if (!host.Machine.CanForget(now))
            {
                shard.Schedule(host, host.Machine.ForgettableFrom);
                return;
            }

            shard.Keys.Forget(host);
            return;
        }

        shard.Schedule(host, host.Machine.NextWakeUp, now, shard.Engine.Durability.Hash);
    }

    private static bool HasRoom(Shard shard) => shard.HasRoom(shard.Engine.Durability.Hash);

    /// <summary>Finds the key, or begins it where there is room for it.</summary>
    private Refusal Open(out Host<HashKey> host)
    {
        host = shard.Keys.Find(name)!; // Only looked at where nothing is refused.
        if (host is not null) return Refusal.None;
        if (!HasRoom(shard)) return Refusal.StorageUnavailable;

        host = new Host<HashKey>(name, new HashKey(shard.Engine.Limits.Hash));
        return shard.Keys.TryAdd(host) ? Refusal.None : Refusal.TooManyKeys;
    }
}
