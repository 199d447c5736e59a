using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Embedded.Users;

/// <summary>What can be said to one user of this process.</summary>
internal sealed class EmbeddedUser(Shard shard, string id) : IUser
{
    /// <summary>What is spent of a limit with a window up to this is kept in memory only.</summary>
    private static readonly TimeSpan LongestUnwritten = TimeSpan.FromMinutes(1);

    public ValueTask<Refusal> OpenAsync(UserConnection connection, CancellationToken cancellationToken)
    {
        Refusal refusal;
        lock (shard.Gate)
        {
            var host = Open();
            refusal = host.Machine.Open(connection, out var fact);
            if (fact is not null) Commit(shard, host, fact);
            Settle(shard, host);
        }

        // Connections end with the process, so there is nothing to write or to wait for.
        return new(refusal);
    }

    public ValueTask CloseAsync(string connectionId, CancellationToken cancellationToken)
    {
        lock (shard.Gate)
        {
            if (shard.Users.Find(id) is not { } host) return ValueTask.CompletedTask;

            if (host.Machine.Close(connectionId) is { } fact) Commit(shard, host, fact);
            Settle(shard, host);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<UserConnection>> ConnectionsAsync(CancellationToken cancellationToken)
    {
        lock (shard.Gate)
        {
            return new([.. shard.Users.Find(id)?.Machine.Connections ?? []]);
        }
    }

    public ValueTask<SpendAnswer> SpendAsync(RateLimit limit, int amount, CancellationToken cancellationToken)
    {
        SpendAnswer answer;
        long position;
        lock (shard.Gate)
        {
            var host = Open();
            var refusal = host.Machine.Spend(limit, amount, shard.Now(), out var fact, out var state);
            if (fact is not null && !CanCommit(shard, host, fact))
            {
                refusal = Refusal.StorageUnavailable;
                state = default;
            }
            else if (fact is not null)
            {
                Commit(shard, host, fact);
            }

            position = host.PositionFor(refusal);
            Settle(shard, host);
            answer = new SpendAnswer(refusal, state);
        }

        return shard.WhenDurable(answer, position);
    }

    public ValueTask<RateState> QuotaAsync(RateLimit limit, CancellationToken cancellationToken)
    {
        RateState state;
        long position;
        lock (shard.Gate)
        {
            var host = shard.Users.Find(id);
            state = (host?.Machine ?? new User(shard.Engine.Limits.User)).RateOf(limit, shard.Now());
            position = host?.Position ?? shard.Users.Absence;
        }

        return shard.WhenDurable(state, position);
    }

    /// <summary>Does what the passing of time has brought about.</summary>
    public static void LookAfter(Shard shard, Host<User> host, DateTimeOffset now)
    {
        while (host.Machine.NextDue(now) is { } due && CanCommit(shard, host, due)) Commit(shard, host, due);
        Settle(shard, host);
    }

    /// <summary>The facts that a checkpoint tells of a user.</summary>
    public static IEnumerable<UserFact> Told(User user) => user.Snapshot().Where(fact => IsWritten(user, fact));

    private static void Commit(Shard shard, Host<User> host, UserFact fact)
    {
        if (IsWritten(host.Machine, fact)) shard.Users.Append(host, fact, shard.Engine.Durability.User);
        host.Machine.Apply(fact);
    }

    // Whoever waits for a restart to be given a fresh limit had better wait the minute. A busy short limit would be most
    // of what is written.
    private static bool IsWritten(User user, UserFact fact) => fact switch
    {
        RateSpent spent => spent.Window > LongestUnwritten,
        RateForgotten forgotten => user.WindowOf(forgotten.Limit) > LongestUnwritten,
        _ => false,
    };

    private static bool CanCommit(Shard shard, Host<User> host, UserFact fact) =>
        shard.HasRoom(shard.Engine.Durability.User) || !IsWritten(host.Machine, fact);

    private static void Settle(Shard shard, Host<User> host)
    {
        if (host.Machine.IsEmpty) shard.Users.Forget(host);
        else shard.Schedule(host, host.Machine.NextWakeUp, shard.Now(), shard.Engine.Durability.User);
    }

    private Host<User> Open()
    {
        if (shard.Users.Find(id) is { } known) return known;

        var host = new Host<User>(id, new User(shard.Engine.Limits.User));
        shard.Users.TryAdd(host); // There may be any number of them.
        return host;
    }
}
