using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded.Checkpoints;
using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Writing;

namespace Signalbox.Engine.Embedded;

/// <summary>An engine on a log: opened with what was there, written all the time, closed in order.</summary>
public sealed class DurableEngine : IDisposable
{
    private readonly DiskLog _log;
    private readonly LogThread _thread;

    private DurableEngine(DiskLog log, EmbeddedEngine engine, LogEnd end, LogNews news)
    {
        _log = log;
        Engine = engine;
        End = end;
        _thread = new LogThread(log, new Checkpointer(log, () => new Telling(engine).Step), news);
    }

    public EmbeddedEngine Engine { get; }

    /// <summary>What was found in the directory.</summary>
    public LogEnd End { get; }

    /// <summary>Reads the log of a directory, makes the engine of it, and goes on writing it.</summary>
    /// <exception cref="IOException">The directory is in use, damaged, or cannot be read; the message says which.</exception>
    public static DurableEngine Open(
        IDisk disk, TimeProvider clock, EngineSetup setup, LogOptions options, LogNews news, Action<LogProgress>? onProgress)
    {
        var log = new DiskLog(disk, clock, options);
        EmbeddedEngine? engine = null;
        try
        {
            engine = setup.MakeEngine(clock, log);
            var restored = engine;
            using var undisturbed = new WithoutCollections(log.FileBytes);
            var end = log.Read((_, in entry, isBeingTold) => restored.Restore(entry, isBeingTold), onProgress);
            engine.Resume(end.WasClosed);
            return new DurableEngine(log, engine, end, news);
        }
        catch
        {
            engine?.Dispose();
            log.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _thread.Dispose();
        Engine.Dispose();
        _log.Dispose();
    }
}

/// <summary>What an engine is to be like.</summary>
public sealed record EngineSetup(ChannelRules Rules, EngineLimits Limits, EngineDurability Durability)
{
    /// <summary>What counts for the operator; null for nothing.</summary>
    public EngineMetrics? Metrics { get; init; }

    public EmbeddedEngine MakeEngine(TimeProvider clock, ILog log)
    {
        var engine = new EmbeddedEngine(clock, log, Rules, Limits, Durability);
        Metrics?.Watch(engine, log);
        return engine;
    }
}
