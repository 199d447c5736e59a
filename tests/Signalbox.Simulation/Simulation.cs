using Signalbox.Core.Queues;
using Signalbox.Engine.Nodes;
using Signalbox.Simulation.Clients;
using Signalbox.TestKit.Disks;

namespace Signalbox.Simulation;

/// <summary>A server, its clients, its disk and its misfortunes: from one seed, on one thread, without a clock.</summary>
public sealed class Simulation : ISimulation
{
    private readonly World _world;
    private readonly Calls _calls;
    private readonly HashClients _hashes;
    private readonly QueueClients _queues;
    private readonly ChannelClients _channels;

    public Simulation(int seed)
    {
        _world = new World(seed);
        _calls = new Calls(_world.Journal, _world.Revealed);
        _hashes = new HashClients(_world, _calls);
        _queues = new QueueClients(_world, _calls);
        _channels = new ChannelClients(_world, _calls);
    }

    public IReadOnlyCollection<string> JournalTail => _world.Journal.Tail;

    public string Digest => _world.Journal.Digest;

    public void Run(int steps)
    {
        // With a context of the caller's, an answer would be seen on another thread and at another time.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Begin(new SimulatedDisk(_world.Dice.Next()));
            for (_world.Journal.Step = 1; _world.Journal.Step <= steps; _world.Journal.Step++) Step();
            Restart(isInOrder: true);
            _world.Life.Close();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void Step()
    {
        switch (_world.Dice.Next(1000))
        {
            case < 600:
                Act();
                break;

            case < 780:
                _world.Journal.Note("flush");
                _world.Life.Flush();
                break;

            case < 900:
                _world.Life.GoOnWithCheckpoint();
                break;

            case < 975:
                Pass(_world.SomeTime(8));
                break;

            case < 980:
                _world.Life.Disk.HasSpace = !_world.Life.Disk.HasSpace;
                _world.Journal.Note($"space: {_world.Life.Disk.HasSpace}");
                break;

            default:
                Misfortune();
                break;
        }

        See();
        if (_world.Life.IsOver) Restart(isInOrder: false);
    }

    private void Act()
    {
        switch (_world.Dice.Next(3))
        {
            case 0:
                _hashes.Act();
                break;

            case 1:
                _queues.Act();
                break;

            default:
                _channels.Act();
                break;
        }
    }

    private void Misfortune()
    {
        switch (_world.Dice.Next(8))
        {
            case 0:
                _world.Journal.Note("the next write fails");
                _world.Life.Disk.FailNextWrite();
                break;

            case 1:
                _world.Journal.Note("the next sync fails");
                _world.Life.Disk.FailNextSync();
                break;

            case 2:
                Restart(isInOrder: true);
                break;

            default:
                var changes = _world.Dice.Next(12);
                _world.Journal.Note($"the power goes after {changes} changes");
                _world.Life.Disk.CutWithin(changes);
                break;
        }
    }

    private void Pass(TimeSpan time)
    {
        // What time brings about waits for room in the log, and then comes late: here it stands still meanwhile.
        _world.Life.Flush();
        if (!_world.Life.HasRoom) return;

        _world.Journal.Note($"pass {time}");
        Turn.Begin();
        _world.Clock.Pass(time);
        Turn.End();
        _queues.TimePassed();
    }

    private void See()
    {
        _channels.Hear();
        _calls.Settle();
    }

    private void Restart(bool isInOrder)
    {
        var before = _world.Life.LastPosition;
        if (isInOrder && _world.Life.Disk.HasSpace) _world.Life.Close();
        else _world.Life.Kill();
        See();
        isInOrder &= !_world.Life.IsOver;
        _calls.Drop();
        _queues.Drop();
        _channels.Drop();

        var disk = Left(_world.Life.Disk);
        while (!TryBegin(disk))
        {
            isInOrder = false;
            disk = Left(disk);
        }

        var last = _world.Life.End.Last;
        _world.Journal.Note($"begin again at {last} of {before}, {_world.Revealed.Position} were told");
        Revealed.Check(last >= _world.Revealed.Position, () =>
            $"The log ends at {last}, and what was told of reaches to {_world.Revealed.Position}.");
        Revealed.Check(!isInOrder || last == before, () => $"The log was closed at {before} and ends at {last}.");
        Rewind(last);
        LookAtEverything();
    }

    private SimulatedDisk Left(SimulatedDisk disk)
    {
        var isKilled = _world.Chance(3);
        _world.Journal.Note(isKilled ? "the process dies" : "the power goes");
        return isKilled ? disk.Kill() : disk.Crash(_world.Dice);
    }

    // A process may die while it begins, too.
    private bool TryBegin(SimulatedDisk disk)
    {
        if (_world.Chance(4)) disk.CutWithin(_world.Dice.Next(4));
        try
        {
            Begin(disk);
            if (!disk.IsCut) return true;

            _world.Life.Kill();
            return false;
        }
        catch (PowerCutException)
        {
            return false;
        }
    }

    private void Begin(SimulatedDisk disk)
    {
        _world.Life = new Life(disk, _world.Clock);
        _world.Life.Listen(_world.Channels.Keys);
    }

    private void Rewind(long position)
    {
        foreach (var key in _world.Keys.Values) key.Rewind(position);
        foreach (var channel in _world.Channels.Values)
        {
            channel.Rewind(position);
            channel.Put(position, channel.Now.AfterCrash(_world.Now));
        }

        foreach (var queue in _world.Queues.Values)
        {
            queue.Rewind(position);
            queue.Put(position, queue.Now.AfterCrash(_world.Now));
        }
    }

    private void LookAtEverything()
    {
        Pass(TimeSpan.FromMilliseconds(1));
        foreach (var key in _world.Keys.Keys) _hashes.Get(key);
        foreach (var channel in _world.Channels.Keys) _channels.Look(channel);
        foreach (var queue in _world.Queues.Keys)
        {
            _queues.Look(queue, QueuePart.Live);
            _queues.Look(queue, QueuePart.Dead);
        }

        _world.Life.Flush();
        See();
    }
}
