using Signalbox.Core.Hashes;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Storage;
using Signalbox.Core.Users;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Channels;
using Signalbox.Engine.Embedded.Hashes;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Queues;
using Signalbox.Engine.Embedded.Users;
using Signalbox.Engine.Listing;
using Signalbox.Gates;

namespace Signalbox.Engine.Embedded.Shards;

/// <summary>
/// A part of all machines, by name, and the one writer of each of them: whoever holds the gate.
/// </summary>
/// <remarks>
/// An operation holds the gate while it decides, appends and applies, which takes about a microsecond and waits for
/// nothing; then, outside of the gate, it waits until what it is going to say is durable. So an operation on a
/// machine in memory completes on the caller's thread without a hop, and many operations share one flush.
/// </remarks>
internal sealed class Shard : IDisposable
{
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(10);

    /// <summary>How long what time has brought about waits for room in the log, until somebody looks again.</summary>
    private static readonly TimeSpan PutOff = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly ILog _log;
    private readonly DeliveryGate _deliveries;
    private readonly Timetable _timetable;
    private long _lastNowTicks;
    private long _published;
    private long _lastVersion;

    public Shard(EmbeddedEngine engine, TimeProvider clock, ILog log)
    {
        Engine = engine;
        _clock = clock;
        _log = log;
        _deliveries = new DeliveryGate(log, () => engine.Node);
        log.OnDurable(_deliveries.Release);
        _timetable = new Timetable(clock, LookAfterDue);
        Channels = new(MachineKind.Channel, log, engine.Channels);
        Keys = new(MachineKind.HashKey, log, engine.Keys);
        Queues = new(MachineKind.Queue, log, engine.Queues);
        Users = new(MachineKind.User, log, engine.Users);
        MqttSessions = new(MachineKind.MqttSession, log, engine.MqttSessions);
    }

    public EmbeddedEngine Engine { get; }

    public Gate Gate { get; } = new(GateRank.Shard);

    public HostTable<ChannelHost> Channels { get; }

    public HostTable<Host<HashKey>> Keys { get; }

    /// <summary>The keys that have a value: remembered ids keep a machine, but nobody's key.</summary>
    public NameIndex KeyNames { get; } = new();

    public HostTable<QueueHost> Queues { get; }

    public NameIndex QueueNames { get; } = new();

    public HostTable<Host<User>> Users { get; }

    public HostTable<Host<MqttSession>> MqttSessions { get; }

    /// <summary>The items of all queues here.</summary>
    public ItemTotals Items { get; } = new();

    /// <summary>Messages that channels here have taken.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>The time, which never runs backwards within a shard whatever the system's clock does.</summary>
    public DateTimeOffset Now()
    {
        _lastNowTicks = Math.Max(_lastNowTicks, _clock.GetUtcNow().UtcTicks);
        return new DateTimeOffset(_lastNowTicks, TimeSpan.Zero);
    }

    /// <summary>A number above all that came before, taken from the clock so that a restart goes on with it.</summary>
    public long NextVersion()
    {
        var micros = (Now() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return _lastVersion = Math.Max(_lastVersion + 1, micros);
    }

    /// <summary>A channel took a message. Called under the gate.</summary>
    public void CountPublished() => _published++;

    /// <summary>Whether a machine of this durability may be changed now.</summary>
    public bool HasRoom(Durability durability) => durability is Durability.None || _log.HasRoom;

    /// <summary>
    /// Whether a machine that is empty now has been so for long enough to be forgotten. A queue that each item empties,
    /// or a channel between two messages, is not made anew each time.
    /// </summary>
    public bool HasLingered(Host host, DateTimeOffset now)
    {
        if (host.EmptySinceTicks == 0) host.EmptySinceTicks = now.UtcTicks;
        var until = new DateTimeOffset(host.EmptySinceTicks, TimeSpan.Zero) + Lingering;
        if (now >= until) return true;

        Schedule(host, until);
        return false;
    }

    /// <summary>Hands a delivery to the node, once what it reveals is durable.</summary>
    public void Deliver(Delivery delivery, long position) => _deliveries.Pass(delivery, position);

    public void Schedule(IDue host, DateTimeOffset? wakeUp) => _timetable.Enter(host, wakeUp);

    /// <summary>Has a host looked after when time will have changed its machine.</summary>
    /// <remarks>What is due and cannot be written down is put off, or the shard would do nothing else but look at it.</remarks>
    public void Schedule(IDue host, DateTimeOffset? wakeUp, DateTimeOffset now, Durability durability) =>
        Schedule(host, wakeUp <= now && !HasRoom(durability) ? now + PutOff : wakeUp);

    /// <summary>The answer, once everything up to this position is durable.</summary>
    public ValueTask<T> WhenDurable<T>(T answer, long position) =>
        position == 0 ? new ValueTask<T>(answer) : DurableAnswer<T>.When(_log, answer, position);

    public void Dispose() => _timetable.Dispose();

    private void LookAfterDue()
    {
        using (Gate.Enter())
        {
            var now = Now();
            while (_timetable.TakeDue(now) is { } due)
            {
                switch (due)
                {
                    case ChannelHost channel:
                        channel.LookAfter(now);
                        break;

                    case QueueHost queue:
                        queue.LookAfter(now);
                        break;

                    case Host<HashKey> key:
                        EmbeddedHashKey.LookAfter(this, key, now);
                        break;

                    case Host<User> user:
                        EmbeddedUser.LookAfter(this, user, now);
                        break;
                }
            }

            _timetable.Rewind();
        }
    }
}
