using System.Diagnostics;
using Signalbox.Engine;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.Engine.Nodes;
using Signalbox.TestKit;
using Signalbox.TestKit.Disks;

namespace Signalbox.Simulation;

/// <summary>One process, from its start to its end. It has no thread: whoever rolls the dice turns its crank.</summary>
internal sealed class Life
{
    private readonly DiskLog _log;
    private readonly Checkpointer _checkpointer;
    private readonly EmbeddedEngine _engine;

    /// <exception cref="IOException">It cannot begin on this disk.</exception>
    public Life(SimulatedDisk disk, ManualClock clock)
    {
        Disk = disk;
        _log = new DiskLog(disk, clock, Settings.Log);
        _engine = new EmbeddedEngine(clock, _log, Settings.Rules, Settings.Limits, EngineDurability.Default)
        {
            ShardHash = name => name.Sum(letter => letter),
        };
        _checkpointer = new Checkpointer(_log, BeginTelling);
        try
        {
            End = _log.Read((long _, in LogEntry entry, bool isBeingTold) => _engine.Restore(entry, isBeingTold), null);
            _engine.Resume(End.WasClosed);
        }
        catch
        {
            _engine.Dispose();
            throw;
        }
    }

    public SimulatedDisk Disk { get; }

    /// <summary>Where the log ended when this life began.</summary>
    public LogEnd End { get; }

    public IEngine Engine => _engine;

    public RecordingNode Node { get; } = new();

    public long LastPosition => _log.LastPosition;

    public bool HasRoom => _log.HasRoom;

    public bool IsOver => Disk.IsCut || _log.Failure is not null;

    /// <summary>There are listeners to these channels from the start, so they are never forgotten.</summary>
    public void Listen(IEnumerable<string> channels)
    {
        Finished(_engine.JoinAsync(Node, CancellationToken.None));
        foreach (var channel in channels)
        {
            Finished(_engine.Channel(channel).AttachAsync(new Attachment(Node.Id, 1), CancellationToken.None));
        }

        // Neither waits for anything.
        static void Finished(ValueTask task) => Debug.Assert(task.IsCompletedSuccessfully, "It waits for nothing.");
    }

    /// <summary>One frame is written and flushed, and what waited for it goes out.</summary>
    public void Flush()
    {
        _log.Pump();
    }

    public void GoOnWithCheckpoint() => _checkpointer.Step(isBusy: true);

    /// <summary>The end, in order.</summary>
    public void Close()
    {
        Turn.Begin();
        _engine.Dispose();
        _log.Dispose();
        Turn.End();
    }

    // A little at a time, so that there is much news between.
    private Func<int, bool> BeginTelling()
    {
        var telling = new Telling(_engine);
        return _ => telling.Step(Settings.Portion);
    }

    /// <summary>The end, by force: not a byte is written any more.</summary>
    public void Kill()
    {
        Disk.Cut();
        Close();
    }
}
