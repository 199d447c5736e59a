using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Embedded.Users;

/// <summary>What can be said to one user of this process.</summary>
internal sealed class EmbeddedUser(Shard shard, string id) : IUser
{
    public ValueTask<Refusal> OpenAsync(UserConnection connection, CancellationToken cancellationToken)
    {
        Refusal refusal;
        using (shard.Gate.Enter())
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
        using (shard.Gate.Enter())
        {
            if (shard.Users.Find(id) is not { } host) return ValueTask.CompletedTask;

            if (host.Machine.Close(connectionId) is { } fact) Commit(shard, host, fact);
            Settle(shard, host);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<UserConnection>> ConnectionsAsync(CancellationToken cancellationToken)
    {
        using (shard.Gate.Enter())
        {
            return new([.. shard.Users.Find(id)?.Machine.Connections ?? []]);
        }
    }

    /// <summary>Since when the user is online, as a message that is newer than all that watchers were told before.</summary>
    public Message Look()
    {
        using (shard.Gate.Enter()) return PresenceNow(shard, shard.Users.Find(id)?.Machine, id, isRetained: true);
    }

    public ValueTask<SpendAnswer> SpendAsync(RateLimit limit, int amount, CancellationToken cancellationToken)
    {
        SpendAnswer answer;
        long position;
        using (shard.Gate.Enter())
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
        using (shard.Gate.Enter())
        {
            var host = shard.Users.Find(id);
            state = (host?.Machine ?? new User(shard.Engine.Limits.User)).RateOf(limit, shard.Now());
            position = host?.Position ?? shard.Users.Absence;
        }

        return shard.WhenDurable(state, position);
    }

    public ValueTask<Refusal> CheckAsync(TokenStamp token, CancellationToken cancellationToken)
    {
        using (shard.Gate.Enter()) return new(shard.Users.Find(id)?.Machine.Check(token) ?? Refusal.None);
    }

    public ValueTask<int> SendAsync(DirectRequest request, CancellationToken cancellationToken) =>
        new(DeliverToAll(new DirectDelivery(id, request.Payload, request.Headers, request.Source)));

    public ValueTask<int> DisconnectAsync(CancellationToken cancellationToken) =>
        new(DeliverToAll(new CutDelivery(id, null, CutReason.Disconnected)));

    public ValueTask<RevokeAnswer> RevokeAsync(RevokeRequest request, CancellationToken cancellationToken)
    {
        RevokeAnswer answer;
        long position;
        using (shard.Gate.Enter())
        {
            var host = Open();
            var refusal = host.Machine.Revoke(request.TokenId, shard.Now(), request.Time, out var fact);
            if (fact is not null && !CanCommit(shard, host, fact))
            {
                refusal = Refusal.StorageUnavailable;
                fact = null;
            }

            var cut = 0;
            if (fact is not null)
            {
                Commit(shard, host, fact);
                cut = host.Machine.Connections.Count(one => request.TokenId is null || one.Token?.Id == request.TokenId);
                // Nobody is cut by what a crash could undo. It is told where nobody seems to be there, too: who is just
                // coming in with such a token is with its node already, and is refused here or cut there.
                shard.Deliver(new CutDelivery(id, request.TokenId, CutReason.Revoked), host.Position);
            }

            position = host.Position;
            Settle(shard, host);
            answer = new RevokeAnswer(refusal, cut);
        }

        return shard.WhenDurable(answer, position);
    }

    /// <summary>Does what the passing of time has brought about.</summary>
    public static void LookAfter(Shard shard, Host<User> host, DateTimeOffset now)
    {
        while (host.Machine.NextDue(now) is { } due && CanCommit(shard, host, due)) Commit(shard, host, due);
        Settle(shard, host);
    }

    /// <returns>How many connections there are; where there is none nobody is told.</returns>
    private int DeliverToAll(Delivery delivery)
    {
        using (shard.Gate.Enter())
        {
            if (shard.Users.Find(id) is not { Machine.IsOnline: true } host) return 0;

            shard.Deliver(delivery, host.Position);
            return host.Machine.Connections.Count;
        }
    }

    private static void Commit(Shard shard, Host<User> host, UserFact fact)
    {
        if (UserWriting.IsWritten(host.Machine, fact)) shard.Users.Append(host, fact, shard.Engine.Durability.User);
        var wasOnline = host.Machine.IsOnline;
        host.Machine.Apply(fact);
        if (host.Machine.IsOnline != wasOnline) TellWatchers(shard, host);
    }

    // Whichever fact it was: a connection, or a node with all of them. It waits for no disk, since a crash that could undo
    // it would cut those who were told.
    private static void TellWatchers(Shard shard, Host<User> host)
    {
        var channel = Name.UserWatchPrefix + host.Name;
        if (!shard.Engine.HasWatchers || shard.Engine.Node?.HasAudience(channel) is not true) return;

        var message = PresenceNow(shard, host.Machine, host.Name, isRetained: false);
        shard.Deliver(new MessageDelivery(channel, UserPresence.Epoch, message), position: 0);
    }

    private static Message PresenceNow(Shard shard, User? user, string id, bool isRetained) => new(
        shard.NextVersion(),
        shard.Now(),
        UserPresence.Of(id, user?.OnlineSince),
        Headers.None,
        UserPresence.Source,
        null,
        isRetained);

    private static bool CanCommit(Shard shard, Host<User> host, UserFact fact) =>
        shard.HasRoom(shard.Engine.Durability.User) || !UserWriting.IsWritten(host.Machine, fact);

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
