using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Engine;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Disks;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Reading;
using Signalbox.Engine.Embedded.Log.Writing;

namespace Signalbox.Hosting;

/// <summary>The engine of this process with its data: opened before anybody is let in, closed after everybody is gone.</summary>
public sealed partial class DataHost : IDisposable
{
    // A start that takes longer than this says how far it is.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<DataHost> _logger;
    private readonly IDisposable _opened;
    private DateTimeOffset _spoke;
    private bool _isClosed;

    public DataHost(
        DataSettings settings,
        EngineSetup setup,
        TimeProvider clock,
        IHostApplicationLifetime lifetime,
        ILogger<DataHost> logger)
    {
        _clock = clock;
        _lifetime = lifetime;
        _logger = logger;
        _spoke = clock.GetUtcNow();
        if (settings.IsEphemeral)
        {
            var engine = setup.MakeEngine(clock, new MemoryLog());
            (Engine, _opened) = (engine, engine);
            return;
        }

        var durable = DurableEngine.Open(new RealDisk(settings.Directory), clock, setup, settings.ToOptions(), News(), Progress);
        (Engine, _opened) = (durable.Engine, durable);
        Tell(durable.End);
    }

    public IEngine Engine { get; }

    /// <summary>Why the process has to end; null while it has not.</summary>
    public LogFailedException? Failure { get; private set; }

    /// <summary>Closes the log in order. The host calls it when it has stopped, and its container once more.</summary>
    public void Dispose()
    {
        if (_isClosed) return;

        _isClosed = true;
        _opened.Dispose();
    }

    private LogNews News() => new()
    {
        Failed = failure =>
        {
            // What is in memory may be ahead of the disk: only a new start knows what is true.
            Failure = failure;
            LogFailed(failure.Message);
            _lifetime.StopApplication();
        },
        NoRoom = reason => LogNoRoom(reason.Message),
        RoomAgain = LogRoomAgain,
    };

    private void Progress(LogProgress progress)
    {
        if (_clock.GetUtcNow() - _spoke < Silence) return;

        _spoke = _clock.GetUtcNow();
        var percent = progress.TotalBytes == 0 ? 100 : 100 * progress.Bytes / progress.TotalBytes;
        LogReading(percent, progress.Entries);
    }

    private void Tell(LogEnd end)
    {
        if (end.Torn is { } torn) LogTorn(torn.File, torn.Offset, end.Last);
    }

    [LoggerMessage(5001, LogLevel.Critical, "{Failure} The process stops.")]
    private partial void LogFailed(string failure);

    [LoggerMessage(5002, LogLevel.Error, "No space can be reserved for the log, so changes are refused: {Reason}")]
    private partial void LogNoRoom(string reason);

    [LoggerMessage(5003, LogLevel.Information, "There is space for the log again.")]
    private partial void LogRoomAgain();

    [LoggerMessage(
        5004,
        LogLevel.Warning,
        "The last write before a crash was cut short in {File} at byte {Offset}; nobody had been told of it. The log ends at position {Last}.")]
    private partial void LogTorn(string file, long offset, long last);

    [LoggerMessage(5005, LogLevel.Information, "Reading the log: {Percent} %, {Entries} entries")]
    private partial void LogReading(long percent, long entries);
}
