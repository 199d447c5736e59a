namespace Signalbox.Client;

/// <summary>
/// How long to wait before the next try: any time up to a bound that doubles with each failure ("full jitter"), so
/// that a thousand clients of a restarted server come back one by one.
/// </summary>
internal sealed class Backoff(TimeSpan baseDelay, TimeSpan maxDelay, Random random)
{
    // Beyond this the bound is above any sensible maximum, and the doubling would run over.
    private const int MaxDoublings = 30;

    private int _failures;

    public TimeSpan Next()
    {
        var bound = Math.Min(baseDelay.TotalMilliseconds * Math.Pow(2, _failures), maxDelay.TotalMilliseconds);
        if (_failures < MaxDoublings) _failures++;
        return TimeSpan.FromMilliseconds(random.NextDouble() * bound);
    }

    public void Reset() => _failures = 0;
}
