using System.Runtime;

namespace Signalbox.Engine.Embedded;

/// <summary>
/// While a log is read nearly all that is allocated stays alive: collections would only move it about, two fifths of the
/// time. So there are none until as much was allocated as the machine can well spare.
/// </summary>
internal readonly struct WithoutCollections : IDisposable
{
    // What is alive is about three times as long in memory as in the log.
    private const int Growth = 3;

    // So much is taken from the system at once.
    private const long MostBytes = 1024 * 1024 * 1024;

    // Less is read in a moment anyway.
    private const long LeastBytes = 16 * 1024 * 1024;

    private readonly bool _hasBegun;

    /// <param name="logBytes">How much is going to be read.</param>
    public WithoutCollections(long logBytes)
    {
        var spare = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
        var wanted = Math.Min(Math.Min(logBytes, MostBytes) * Growth, Math.Min(spare, MostBytes));
        if (wanted < LeastBytes || GCSettings.LatencyMode is GCLatencyMode.NoGCRegion) return;

        try
        {
            _hasBegun = GC.TryStartNoGCRegion(wanted);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidOperationException)
        {
            // More than this collector can promise, or another one is on: it is read as any program runs.
        }
    }

    public void Dispose()
    {
        // It is over by itself where more was allocated than expected.
        if (_hasBegun && GCSettings.LatencyMode is GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
    }
}
