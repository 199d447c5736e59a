using System.Globalization;
using Signalbox.Core.Hashes;
using Signalbox.Core.Storage;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Simulation;

/// <summary>The log alone on its disk, with machines that are a number each: what it says it kept, it kept.</summary>
public sealed class LogSimulation(int seed) : ISimulation
{
    private static readonly LogOptions Options = new() { SegmentBytes = 16 * 1024, CheckpointBytes = 24 * 1024, FillBytes = 1024 };

    private readonly Random _dice = new(seed);
    private readonly ManualClock _clock = new();
    private readonly Journal _journal = new();
    private readonly Revealed _revealed = new();
    private readonly List<(long Position, Task Durable)> _waiting = [];

    // What every position of the log said; the telling of a checkpoint says nothing new.
    private readonly SortedDictionary<long, (string Name, long Value)> _said = [];
    private readonly Dictionary<string, long> _values = [];
    private SimulatedDisk _disk = new(seed);
    private DiskLog _log = null!; // Begun before the first step.
    private Checkpointer _checkpointer = null!;
    private long _lastValue;
    private long _flushed;
    private long _beforeLast;

    // Whether what is said just now is what somebody is going to wait for.
    private bool _isUrgentTime;

    public IReadOnlyCollection<string> JournalTail => _journal.Tail;

    public string Digest => _journal.Digest;

    public void Run(int steps)
    {
        Begin();
        for (_journal.Step = 1; _journal.Step <= steps; _journal.Step++)
        {
            Step();
            See();
            if (_disk.IsCut || _log.Failure is not null) BeginAgain(isInOrder: false);
        }

        BeginAgain(isInOrder: true);
    }

    private void Step()
    {
        switch (_dice.Next(1000))
        {
            case < 600:
                if (_log.HasRoom) Say();
                break;

            case < 800:
                Flush();
                break;

            case < 890:
                var isAhead = _log.WriteAhead();
                _journal.Note($"written ahead: {isAhead}");
                break;

            case < 900:
                _isUrgentTime = !_isUrgentTime;
                break;

            case < 950:
                _checkpointer.Step(isBusy: true);
                break;

            case < 960:
                _disk.HasSpace = !_disk.HasSpace;
                _journal.Note($"space: {_disk.HasSpace}");
                break;

            default:
                Misfortune();
                break;
        }
    }

    private void Misfortune()
    {
        switch (_dice.Next(8))
        {
            case 0:
                _journal.Note("the next write fails");
                _disk.FailNextWrite();
                break;

            case 1:
                _journal.Note("the next sync fails");
                _disk.FailNextSync();
                break;

            case 2:
                BeginAgain(isInOrder: _disk.HasSpace);
                break;

            case 3:
                Flip();
                break;

            default:
                var changes = _dice.Next(12);
                _journal.Note($"the power goes after {changes} changes");
                _disk.CutWithin(changes);
                break;
        }
    }

    private void Say()
    {
        var name = $"n{_dice.Next(12)}" + new string('x', _dice.Next(20) == 0 ? _dice.Next(250) : 0);
        var mark = _values.ContainsKey(name) ? EntryMark.None : EntryMark.Begins;
        _values[name] = ++_lastValue;
        var position = _log.Append(Entry(name, _lastValue, mark, _isUrgentTime ? Durability.Always : Durability.Interval));
        _said.Add(position, (name, _lastValue));
        _waiting.Add((position, _log.WhenDurableAsync(position)));
    }

    private void Flush()
    {
        _journal.Note("flush");
        var last = _log.LastPosition;
        if (!_log.Pump()) return;

        (_beforeLast, _flushed) = (_flushed, last);
    }

    private Func<int, bool> BeginTelling()
    {
        _journal.Note("a checkpoint begins");
        var names = new Queue<string>(_values.Keys);
        return _ =>
        {
            for (var i = 0; i < 3 && names.TryDequeue(out var name); i++)
            {
                _log.Append(Entry(name, _values[name], EntryMark.Told | EntryMark.Begins, Durability.Always));
            }

            return names.Count > 0;
        };
    }

    private static LogEntry Entry(string name, long value, EntryMark mark, Durability durability) => new(
        MachineKind.HashKey,
        name,
        new KeySet(World.Bytes(value.ToString(CultureInfo.InvariantCulture)), value, null, null, default),
        mark,
        durability);

    private void See()
    {
        foreach (var (position, durable) in _waiting)
        {
            if (durable.IsCompletedSuccessfully) _revealed.UpTo(position);
        }

        _waiting.RemoveAll(entry => entry.Durable.IsCompleted);
    }

    private void BeginAgain(bool isInOrder)
    {
        var before = _log.LastPosition;
        if (!isInOrder) _disk.Cut();
        _log.Dispose();
        See();
        isInOrder &= !_disk.IsCut && _log.Failure is null;
        _waiting.Clear();

        while (!TryBegin()) isInOrder = false;

        Revealed.Check(!isInOrder || _log.LastPosition == before, () =>
            $"The log was closed at {before} and ends at {_log.LastPosition}.");
    }

    // A process may die while it begins, too.
    private bool TryBegin()
    {
        var isKilled = _dice.Next(3) == 0;
        _journal.Note(isKilled ? "the process dies" : "the power goes");
        _disk = isKilled ? _disk.Kill() : _disk.Crash(_dice);
        if (_dice.Next(4) == 0) _disk.CutWithin(_dice.Next(4));
        try
        {
            Begin();
            return true;
        }
        catch (PowerCutException)
        {
            return false;
        }
    }

    private void Begin()
    {
        _log = new DiskLog(_disk, _clock, Options);
        var read = new Dictionary<string, long>();
        var end = _log.Read((long _, in LogEntry entry, bool isBeingTold) => Restore(read, entry, isBeingTold), null);
        _checkpointer = new Checkpointer(_log, BeginTelling);
        _journal.Note($"begin at {end.Last}, {_revealed.Position} were told");
        Check(read, end, _revealed.Position);

        foreach (var lost in _said.Keys.Where(position => position > end.Last).ToArray()) _said.Remove(lost);
        _beforeLast = _flushed = 0;
        _values.Clear();
        foreach (var (name, value) in read) _values[name] = value;
    }

    private static void Restore(Dictionary<string, long> read, in LogEntry entry, bool isBeingTold)
    {
        // Told of later, as it began before.
        var isKnown = read.ContainsKey(entry.Name) || (entry.Mark & EntryMark.Begins) != 0;
        if (!isBeingTold || isKnown) read[entry.Name] = ((KeySet)entry.Fact).Version;
    }

    private void Check(Dictionary<string, long> read, LogEnd end, long promised)
    {
        Revealed.Check(end.Last >= promised, () =>
            $"The log ends at {end.Last}, and what was told of reaches to {promised}.");
        var expected = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (position, said) in _said)
        {
            if (position <= end.Last) expected[said.Name] = said.Value;
        }

        var found = new SortedDictionary<string, long>(read, StringComparer.Ordinal);
        Revealed.Check(expected.SequenceEqual(found), () =>
            $"At {end.Last} the log should say {string.Join(' ', expected)}, and says {string.Join(' ', found)}.");
    }

    // A bit is flipped on a copy. Where anything is missing then, only what was written last may be; or it is refused.
    private void Flip()
    {
        if (_disk.IsCut || _log.Failure is not null) return;

        var disk = _disk.Kill();
        var name = disk.Files()[_dice.Next(disk.Files().Count)];
        long length;
        using (var file = disk.Open(name)) length = file.Length;
        if (length == 0) return;

        var offset = _dice.NextInt64(length);
        disk.Flip(name, offset);
        _journal.Note($"look what comes of a bit flipped at {name}:{offset}");
        using var log = new DiskLog(disk, _clock, Options);
        try
        {
            var read = new Dictionary<string, long>();
            var end = log.Read((long _, in LogEntry entry, bool told) => Restore(read, entry, told), null);
            Check(read, end, _beforeLast);
        }
        catch (LogDamagedException damaged)
        {
            var names = $"{damaged.File} at {damaged.Offset}";
            Revealed.Check(damaged.Message.Contains(damaged.File, StringComparison.Ordinal), () => names);
        }
    }
}
