using System.Diagnostics;

namespace Signalbox.Cli.Bench;

/// <summary>What a bench has done so far: how many of its units, and how long they took.</summary>
internal sealed class Meter
{
    private readonly LatencyHistogram _latency = new();

    private long _lastDone = Stopwatch.GetTimestamp();

    /// <summary>When the last unit was done: a bench that is finished early is not slower for the rest.</summary>
    public long LastDone => Volatile.Read(ref _lastDone);

    public long Count => _latency.Count;

    public void Done(long startTimestamp)
    {
        var now = Stopwatch.GetTimestamp();
        Volatile.Write(ref _lastDone, now);
        _latency.Record(Stopwatch.GetElapsedTime(startTimestamp, now));
    }

    public TimeSpan Percentile(double share) => _latency.Percentile(share);
}
