using Signalbox.Core.Hashes;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Users;
using Signalbox.Engine.Embedded.Channels;
using Signalbox.Engine.Embedded.Queues;
using Signalbox.Engine.Embedded.Shards;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Embedded.Checkpoints;

/// <summary>Tells the log what every machine is made of, some at a time, while the engine goes on.</summary>
/// <remarks>
/// What a machine had begun with before this stands in a part of the log that will be deleted. Whatever begins after it
/// stands in the part that stays, and needs no telling. One thread at a time.
/// </remarks>
internal sealed class Telling(EmbeddedEngine engine)
{
    // The work of a few operations: nobody waits longer at the gate than for somebody else's request.
    private const int MostInOneHold = 16;

    private Host[] _hosts = [];
    private int _nextHost;
    private int _nextShard;
    private QueueTelling? _queue;

    /// <summary>Tells about as many facts as asked for.</summary>
    /// <returns>False when everything is told.</returns>
    public bool Step(int maxEntries)
    {
        for (var left = maxEntries; left > 0;)
        {
            if (_queue is not null || _nextHost < _hosts.Length)
            {
                left -= TellSome(engine.Shards[_nextShard - 1], Math.Min(left, MostInOneHold));
            }
            else if (_nextShard < engine.Shards.Count)
            {
                _hosts = HostsOf(engine.Shards[_nextShard++]);
                _nextHost = 0;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static Host[] HostsOf(Shard shard)
    {
        using (shard.Gate.Enter())
        {
            IEnumerable<Host> channels = shard.Channels.All;
            var hosts = channels.Concat(shard.Keys.All).Concat(shard.Queues.All).Concat(shard.Users.All).Concat(shard.MqttSessions.All);
            return [.. hosts.Where(host => host.HasBegun)];
        }
    }

    private int TellSome(Shard shard, int most)
    {
        var told = 0;
        _queue?.Prepare();
        using (shard.Gate.Enter())
        {
            while (told < most && (_queue is not null || _nextHost < _hosts.Length))
            {
                if (_queue is null)
                {
                    // A host of which there is nothing to tell was looked at all the same.
                    told += Math.Max(1, Tell(shard, _hosts[_nextHost++]));
                    // The items of a queue are put in order first, and nobody has to wait for that.
                    if (_queue is not null) break;
                }
                else
                {
                    told += Math.Max(1, _queue.Tell(most - told));
                    if (_queue.IsDone) _queue = null;
                }
            }
        }

        return told;
    }

    private int Tell(Shard shard, Host host)
    {
        switch (host)
        {
            case ChannelHost channel when shard.Channels.Has(channel):
                return shard.Channels.Tell(channel, channel.Told(), channel.Durability, begins: true);

            case Host<HashKey> key when shard.Keys.Has(key):
                return shard.Keys.Tell(key, key.Machine.Snapshot(), engine.Durability.Hash, begins: true);

            case QueueHost queue when shard.Queues.Has(queue):
                _queue = new QueueTelling(shard, queue);
                return _queue.Begin();

            case Host<User> user when shard.Users.Has(user):
                return shard.Users.Tell(user, UserWriting.Told(user.Machine), engine.Durability.User, begins: true);

            case Host<MqttSession> session when shard.MqttSessions.Has(session):
                return shard.MqttSessions.Tell(session, session.Machine.Snapshot(), engine.Durability.MqttSession, begins: true);

            default:
                // It was forgotten since: what the log still says of it ends with its end.
                return 0;
        }
    }
}
