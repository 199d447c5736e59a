namespace Signalbox.Transport;

/// <summary>Has what happens again and again said once a minute, with how often it has happened since.</summary>
internal sealed class Sparing(TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    // Of the clock's time; as long ago as can be where it has not been said.
    private long _spoke = long.MinValue;
    private long _untold;

    /// <returns>Whether it is said now.</returns>
    /// <param name="untold">How often it has happened before without being said.</param>
    public bool TrySpeak(out long untold)
    {
        untold = 0;
        var now = clock.GetTimestamp();
        var spoke = Volatile.Read(ref _spoke);
        var isTime = spoke == long.MinValue || clock.GetElapsedTime(spoke, now) >= Silence;
        if (isTime && Interlocked.CompareExchange(ref _spoke, now, spoke) == spoke)
        {
            untold = Interlocked.Exchange(ref _untold, 0);
            return true;
        }

        Interlocked.Increment(ref _untold);
        return false;
    }
}
