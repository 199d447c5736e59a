using System.Diagnostics;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Checkpoints;
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

    public Life(SimulatedDisk disk, ManualClock clock)
    {
        Disk = disk;
        _log = new DiskLog(disk, clock, Settings.Log);
        var rules = new ChannelRules([], Settings.Channel);
        _engine = new EmbeddedEngine(clock, _log, rules, Settings.Limits, EngineDurability.Default)
        {
            ShardHash = name => name.Sum(letter => letter),
        };
        End = _log.Read((long _, in Engine.Embedded.Log.LogEntry _, bool _) => { }, null);
        _checkpointer = new Checkpointer(_log, () => _ => false);
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
        if (_log.TryFlush(out var flush)) flush!.Complete(); // Flushed, so there.
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

    /// <summary>The end, by force: not a byte is written any more.</summary>
    public void Kill()
    {
        Disk.Cut();
        Close();
    }
}
