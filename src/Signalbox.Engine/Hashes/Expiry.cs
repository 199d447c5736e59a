namespace Signalbox.Engine.Hashes;

/// <summary>When a key is to be gone, as requests say it.</summary>
public static class Expiry
{
    /// <returns>False where the calendar has no such moment, or it would be before now.</returns>
    public static bool TryResolve(
        TimeSpan? ttl, DateTimeOffset? expiresAt, DateTimeOffset now, out DateTimeOffset? result)
    {
        result = expiresAt;
        if (ttl is not { } time) return true;
        if (time < TimeSpan.Zero || time > DateTimeOffset.MaxValue - now) return false;

        result = now + time;
        return true;
    }
}
