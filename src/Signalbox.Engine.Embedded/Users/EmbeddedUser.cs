using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Embedded.Users;

/// <summary>What can be said to one user of this process.</summary>
internal sealed class EmbeddedUser(Shard shard, string id) : IUser
{
    public ValueTask<Refusal> OpenAsync(UserConnection connection, CancellationToken cancellationToken)
    {
        Refusal refusal;
        long position;
        lock (shard.Gate)
        {
            var host = Open();
            refusal = host.Machine.Open(connection, out var fact);
            if (fact is not null) Commit(shard, host, fact);
            Settle(shard, host);
            position = shard.Position;
        }

        return shard.WhenDurable(refusal, position);
    }

    public ValueTask CloseAsync(string connectionId, CancellationToken cancellationToken)
    {
        lock (shard.Gate)
        {
            if (!shard.Users.TryGetValue(id, out var host)) return ValueTask.CompletedTask;

            if (host.Machine.Close(connectionId) is { } fact) Commit(shard, host, fact);
            Settle(shard, host);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<UserConnection>> ConnectionsAsync(CancellationToken cancellationToken)
    {
        lock (shard.Gate)
        {
            IReadOnlyList<UserConnection> connections =
                shard.Users.TryGetValue(id, out var host) ? [.. host.Machine.Connections] : [];
            return new(connections);
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
            if (fact is not null) Commit(shard, host, fact);
            Settle(shard, host);
            answer = new SpendAnswer(refusal, state);
            position = shard.Position;
        }

        return shard.WhenDurable(answer, position);
    }

    public ValueTask<RateState> QuotaAsync(RateLimit limit, CancellationToken cancellationToken)
    {
        lock (shard.Gate)
        {
            var user = shard.Users.TryGetValue(id, out var host) ? host.Machine : new User(shard.Engine.Limits.User);
            return new(user.RateOf(limit, shard.Now()));
        }
    }

    public ValueTask<Refusal> CheckAsync(TokenStamp token, CancellationToken cancellationToken)
    {
        lock (shard.Gate)
        {
            return new(shard.Users.TryGetValue(id, out var host) ? host.Machine.Check(token) : Refusal.None);
        }
    }

    public ValueTask<int> SendAsync(DirectRequest request, CancellationToken cancellationToken)
    {
        lock (shard.Gate)
        {
            if (!shard.Users.TryGetValue(id, out var host) || !host.Machine.IsOnline) return new(0);

            shard.Deliver(new DirectDelivery(id, request.Payload, request.Headers, request.Source));
            return new(host.Machine.Connections.Count);
        }
    }

    public ValueTask<int> DisconnectAsync(CancellationToken cancellationToken)
    {
        lock (shard.Gate)
        {
            if (!shard.Users.TryGetValue(id, out var host) || !host.Machine.IsOnline) return new(0);

            shard.Deliver(new CutDelivery(id, null, CutReason.Disconnected));
            return new(host.Machine.Connections.Count);
        }
    }

    public ValueTask<RevokeAnswer> RevokeAsync(RevokeRequest request, CancellationToken cancellationToken)
    {
        RevokeAnswer answer;
        long position;
        lock (shard.Gate)
        {
            var host = Open();
            var refusal = host.Machine.Revoke(request.TokenId, shard.Now(), request.Time, out var fact);
            var cut = 0;
            if (fact is not null)
            {
                Commit(shard, host, fact);
                cut = host.Machine.Connections.Count(one => request.TokenId is null || one.Token?.Id == request.TokenId);
                // After the fact, so nobody is cut by what a crash could undo; also where nobody seems to be there: who
                // is just coming in with such a token is with its node already, and is refused or cut.
                shard.Deliver(new CutDelivery(id, request.TokenId, CutReason.Revoked));
            }

            Settle(shard, host);
            answer = new RevokeAnswer(refusal, cut);
            position = shard.Position;
        }

        return shard.WhenDurable(answer, position);
    }

    /// <summary>Does what the passing of time has brought about.</summary>
    public static void LookAfter(Shard shard, Host<User> host, DateTimeOffset now)
    {
        while (host.Machine.NextDue(now) is { } due) Commit(shard, host, due);
        Settle(shard, host);
    }

    private static void Commit(Shard shard, Host<User> host, UserFact fact)
    {
        shard.Append(MachineKind.User, host.Name, fact);
        host.Machine.Apply(fact);
    }

    private static void Settle(Shard shard, Host<User> host)
    {
        if (host.Machine.IsEmpty) Shard.Forget(shard.Users, host);
        else shard.Schedule(host, host.Machine.NextWakeUp);
    }

    private Host<User> Open()
    {
        if (shard.Users.TryGetValue(id, out var host)) return host;

        host = new Host<User>(id, new User(shard.Engine.Limits.User));
        shard.Users.Add(id, host);
        return host;
    }
}
