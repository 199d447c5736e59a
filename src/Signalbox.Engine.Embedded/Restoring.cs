using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Queues;
using Signalbox.Core.Storage;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded.Channels;
using Signalbox.Engine.Embedded.Hashes;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Mqtt;
using Signalbox.Engine.Embedded.Queues;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Embedded.Users;

namespace Signalbox.Engine.Embedded;

/// <summary>Makes the machines of an engine again, of what the log tells of them.</summary>
/// <remarks>
/// While a checkpoint was under way the log may speak of machines and items that it tells of only later: what happened to
/// them before is in what is told then, so it is passed over. Outside of that it would mean that something is missing.
/// </remarks>
internal sealed class Restoring(EmbeddedEngine engine)
{
    private delegate THost Maker<THost>(Shard shard, string name);

    /// <summary>Applies an entry: one after the other, before anything else is done with the engine.</summary>
    public void Restore(in LogEntry entry, bool isBeingTold)
    {
        // Whatever else is told is no news, and where a checkpoint was not finished it is not all.
        if (!isBeingTold && entry.Mark.HasFlag(EntryMark.Told)) return;

        var shard = engine.ShardOf(entry.Name);
        switch (entry.Kind)
        {
            case MachineKind.Channel:
                if (ChannelWriting.DurabilityOf(engine.Rules.For(entry.Name)) is Durability.None) return;
                Find(shard.Channels, shard, entry, isBeingTold, NewChannel)?.Machine.Apply(FactOf<ChannelFact>(entry));
                break;

            case MachineKind.HashKey:
                if (engine.Durability.Hash is Durability.None) return;
                Find(shard.Keys, shard, entry, isBeingTold, NewKey)?.Machine.Apply(FactOf<HashFact>(entry));
                break;

            case MachineKind.Queue:
                if (engine.Durability.Queue is Durability.None) return;
                if (Find(shard.Queues, shard, entry, isBeingTold, NewQueue) is { } queue) Apply(queue, entry, isBeingTold);
                break;

            case MachineKind.User:
                if (engine.Durability.User is Durability.None) return;
                Find(shard.Users, shard, entry, isBeingTold, NewUser)?.Machine.Apply(FactOf<UserFact>(entry));
                break;

            case MachineKind.MqttSession:
                if (engine.Durability.MqttSession is Durability.None) return;
                if (Find(shard.MqttSessions, shard, entry, isBeingTold, NewSession) is { } session) Apply(shard, session, entry);
                break;

            default:
                throw new RestoreException(entry.Kind, entry.Name, "there are no machines of this kind.");
        }
    }

    /// <summary>After the last entry: does what fell due meanwhile, forgets what is not worth keeping, and goes on.</summary>
    public void Resume(bool wasClosed)
    {
        foreach (var shard in engine.Shards)
        {
            using (shard.Gate.Enter()) Resume(shard, wasClosed);
        }

        // All at once at the end, and side by side: putting a million names in order is much of what a start takes.
        Parallel.ForEach(engine.Shards, static shard =>
        {
            using (shard.Gate.Enter()) List(shard);
        });
    }

    private static void List(Shard shard)
    {
        var now = shard.Now();
        shard.KeyNames.Fill(shard.Keys.All.Where(key => key.Machine.HasValue(now)).Select(key => key.Name));
        shard.QueueNames.Fill(shard.Queues.All.Select(queue => queue.Name));
    }

    private static void Resume(Shard shard, bool wasClosed)
    {
        var now = shard.Now();
        foreach (var channel in shard.Channels.All)
        {
            channel.LookAfter(now);
            if (shard.Channels.Has(channel)) channel.Renumber(wasClosed);
        }

        foreach (var key in shard.Keys.All) EmbeddedHashKey.LookAfter(shard, key, now);
        foreach (var queue in shard.Queues.All) queue.LookAfter(now);
        foreach (var user in shard.Users.All) EmbeddedUser.LookAfter(shard, user, now);
        foreach (var session in shard.MqttSessions.All) EmbeddedMqttSession.Resume(shard, session);
    }

    private static void Apply(Shard shard, Host<MqttSession> session, in LogEntry entry)
    {
        var fact = FactOf<MqttFact>(entry);
        if (!session.Machine.CanBe(fact)) throw new RestoreException(entry.Kind, entry.Name, $"this cannot happen to it: {fact}");

        session.Machine.Apply(fact);
        if (session.Machine.HasEnded) shard.MqttSessions.Forget(session);
    }

    private static void Apply(QueueHost queue, in LogEntry entry, bool isBeingTold)
    {
        var fact = FactOf<QueueFact>(entry);
        if (ItemOf(fact) is { } item && !queue.Machine.Knows(item))
        {
            if (isBeingTold) return;
            throw new RestoreException(entry.Kind, entry.Name, $"there is no item {item} to which this happened: {fact}");
        }

        queue.Machine.Apply(fact);
    }

    /// <returns>The item that must be there for this to happen; null where none must.</returns>
    private static long? ItemOf(QueueFact fact) => fact switch
    {
        ItemTaken taken => taken.Id,
        LeaseExtended extended => extended.Id,
        ItemReturned returned => returned.Id,
        ItemBuried buried => buried.Id,
        ItemRemoved removed => removed.Id,
        _ => null,
    };

    /// <returns>The machine that the entry is about; null where it is told of only later.</returns>
    private static THost? Find<THost>(
        HostTable<THost> hosts, Shard shard, in LogEntry entry, bool isBeingTold, Maker<THost> make)
        where THost : Host
    {
        if (entry.Mark.HasFlag(EntryMark.Begins))
        {
            var host = make(shard, entry.Name);
            hosts.Restore(host);
            return host;
        }

        if (hosts.Find(entry.Name) is { } known) return known;
        if (isBeingTold) return null;
        throw new RestoreException(entry.Kind, entry.Name, $"it never began, and this happened to it: {entry.Fact}");
    }

    private static TFact FactOf<TFact>(in LogEntry entry)
        where TFact : class =>
        entry.Fact as TFact
        ?? throw new RestoreException(entry.Kind, entry.Name, $"nothing of this kind can happen to it: {entry.Fact}");

    private static ChannelHost NewChannel(Shard shard, string name) =>
        new(shard, name, shard.Engine.Rules.For(name), shard.Engine.Limits.Channel);

    private static Host<HashKey> NewKey(Shard shard, string name) => new(name, new HashKey(shard.Engine.Limits.Hash));

    private static QueueHost NewQueue(Shard shard, string name) => new(shard, name, shard.Engine.Limits.Queue);

    private static Host<MqttSession> NewSession(Shard shard, string name) => new(name, new MqttSession(MqttLimits.Default));

    private static Host<User> NewUser(Shard shard, string name) => new(name, new User(shard.Engine.Limits.User));
}
