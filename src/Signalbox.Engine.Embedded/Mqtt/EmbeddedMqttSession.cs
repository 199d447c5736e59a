using Signalbox.Core.Mqtt;
using Signalbox.Core.Storage;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Mqtt;

namespace Signalbox.Engine.Embedded.Mqtt;

/// <summary>One session of MQTT as the log has it: a twin of the one that decides, for checkpoints and for the next start.</summary>
internal sealed class EmbeddedMqttSession(Shard shard, string id) : IMqttSession
{
    public bool HasRoom => shard.HasRoom(shard.Engine.Durability.MqttSession);

    public void Append(MqttFact fact, bool isWaitedFor)
    {
        if (shard.Engine.Durability.MqttSession is Durability.None) return;

        using (shard.Gate.Enter())
        {
            if ((shard.MqttSessions.Find(id) ?? Open(fact)) is not { } host) return;

            Commit(shard, host, fact, isWaitedFor);
        }
    }

    public ValueTask WhenKeptAsync(CancellationToken cancellationToken)
    {
        long position;
        using (shard.Gate.Enter()) position = shard.MqttSessions.Find(id)?.Position ?? shard.MqttSessions.Absence;
        var kept = shard.WhenDurable(true, position);
        return kept.IsCompletedSuccessfully ? ValueTask.CompletedTask : WhenAsync(kept);
    }

    public ValueTask<IReadOnlyList<MqttFact>> FactsAsync(CancellationToken cancellationToken)
    {
        using (shard.Gate.Enter()) return new([.. shard.MqttSessions.Find(id)?.Machine.Snapshot() ?? []]);
    }

    /// <summary>After a start: whoever was there is gone now, and has the time that it asked for to come back.</summary>
    public static void Resume(Shard shard, Host<MqttSession> host)
    {
        var session = host.Machine;
        MqttFact? fact = session.Disconnect(session.Expiry, shard.Now());
        // Nobody is told of a session before its client is noted to be there.
        if (fact is null && session.NextWakeUp is null) fact = new SessionEnded();
        if (fact is not null) Commit(shard, host, fact, isWaitedFor: false);
    }

    private static void Commit(Shard shard, Host<MqttSession> host, MqttFact fact, bool isWaitedFor)
    {
        var durability = shard.Engine.Durability.MqttSession;
        shard.MqttSessions.Append(host, fact, isWaitedFor ? durability : Durability.Interval);
        host.Machine.Apply(fact);
        if (host.Machine.HasEnded) shard.MqttSessions.Forget(host);
    }

    private static async ValueTask WhenAsync(ValueTask<bool> kept) => await kept;

    private Host<MqttSession>? Open(MqttFact fact)
    {
        if (fact is not SessionOpened) return null;

        var host = new Host<MqttSession>(id, new MqttSession(MqttLimits.Default));
        shard.MqttSessions.TryAdd(host); // The gateways bound how many there are.
        return host;
    }
}
