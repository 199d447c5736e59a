using System.Diagnostics.Metrics;

namespace Signalbox.Gateways.Tests.Hostile;

/// <summary>Counts the connections that the framework opens and closes in this process, from now on.</summary>
internal sealed class OpenConnections : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly List<(Func<bool> Holds, TaskCompletionSource Task)> _waiting = [];
    private int _opened;
    private int _closed;

    public OpenConnections()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "kestrel.active_connections") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Note(change));
        _listener.Start();
    }

    /// <summary>Completes when so many were opened and all but so many of them are closed again.</summary>
    public Task WhenAsync(int opened, int left)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((() => _opened == opened && _closed == opened - left, done));
            Tell();
        }

        return done.Task;
    }

    public void Dispose() => _listener.Dispose();

    private void Note(long change)
    {
        lock (_gate)
        {
            if (change > 0) _opened++;
            else _closed++;
            Tell();
        }
    }

    private void Tell()
    {
        foreach (var (holds, done) in _waiting)
        {
            if (holds()) done.TrySetResult();
        }
    }
}
