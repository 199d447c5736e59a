using Signalbox.Core.Hashes;
using Signalbox.Core.Storage;
using Signalbox.Core.Users;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Channels;
using Signalbox.Engine.Embedded.Hashes;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Queues;
using Signalbox.Engine.Embedded.Users;
using Signalbox.Engine.Listing;

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

    private readonly TimeProvider _clock;
    private readonly ILog _log;
    private readonly DeliveryGate _deliveries;
    private readonly Timetable _timetable;
    private long _lastNowTicks;
    private long _lastPosition;

    public Shard(EmbeddedEngine engine, TimeProvider clock, ILog log)
    {
        Engine = engine;
        _clock = clock;
        _log = log;
        _deliveries = new DeliveryGate(log, () => engine.Node);
        log.OnDurable(_deliveries.Release);
        _timetable = new Timetable(clock, LookAfterDue);
    }

    public EmbeddedEngine Engine { get; }

    public Lock Gate { get; } = new();

    public Dictionary<string, ChannelHost> Channels { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Host<HashKey>> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>The keys that have a value: remembered ids keep a machine, but nobody's key.</summary>
    public NameIndex KeyNames { get; } = new();

    public Dictionary<string, QueueHost> Queues { get; } = new(StringComparer.Ordinal);

    public NameIndex QueueNames { get; } = new();

    public Dictionary<string, Host<User>> Users { get; } = new(StringComparer.Ordinal);

    /// <summary>The time, which never runs backwards within a shard whatever the system's clock does.</summary>
    public DateTimeOffset Now()
    {
        _lastNowTicks = Math.Max(_lastNowTicks, _clock.GetUtcNow().UtcTicks);
        return new DateTimeOffset(_lastNowTicks, TimeSpan.Zero);
    }

    /// <summary>Takes a host out, if it is still the one of its name: an older one may yet be in the timetable.</summary>
    /// <returns>Whether it was.</returns>
    public static bool Forget<THost, TMachine>(Dictionary<string, THost> hosts, Host<TMachine> host)
        where THost : Host<TMachine>
        where TMachine : class =>
        hosts.TryGetValue(host.Name, out var known) && known == host && hosts.Remove(host.Name);

    /// <summary>
    /// Whether a machine that is empty now has been so for long enough to be forgotten. A queue that each item empties,
    /// or a channel between two messages, is not made anew each time.
    /// </summary>
    public bool HasLingered<TMachine>(Host<TMachine> host, DateTimeOffset now)
        where TMachine : class
    {
        host.EmptySince ??= now;
        if (now - host.EmptySince >= Lingering) return true;

        Schedule(host, host.EmptySince + Lingering);
        return false;
    }

    /// <summary>The position that covers all that this shard has done: whoever reveals any of it waits for that.</summary>
    public long Position => _lastPosition;

    public void Append(MachineKind kind, string name, object fact) =>
        _lastPosition = _log.Append(new LogEntry(kind, name, fact, EntryMark.None, Durability.Always));

    /// <summary>Hands a delivery to the node, once what it reveals is durable.</summary>
    public void Deliver(Delivery delivery) => _deliveries.Pass(delivery, _lastPosition);

    public void Schedule(IDue host, DateTimeOffset? wakeUp) => _timetable.Enter(host, wakeUp);

    /// <summary>The answer, once everything up to this position is durable.</summary>
    public ValueTask<T> WhenDurable<T>(T answer, long position)
    {
        return _log.IsDurable(position) ? new ValueTask<T>(answer) : WaitAsync(_log, answer, position);

        static async ValueTask<T> WaitAsync(ILog log, T answer, long position)
        {
            await log.WhenDurableAsync(position);
            return answer;
        }
    }

    public void Dispose() => _timetable.Dispose();

    private void LookAfterDue()
    {
        lock (Gate)
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
