namespace Signalbox.Gateways.Sse;

/// <summary>Streams of server-sent events.</summary>
public sealed class SseOptions
{
    /// <summary>How often a stream that is silent gets a comment, so that proxies keep it and dead ones are found out.
    /// Default 15 seconds; 0 for never. Shorter finds the dead sooner and wakes every client more often.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long clients are told to wait before they come back to a stream that broke. Default 2 seconds.</summary>
    public TimeSpan Retry { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>When the server ends streams, each client is told to come back at a moment of its own within this time.
    /// Default 5 seconds: more is gentler to the next server, less has everybody back sooner.</summary>
    public TimeSpan ReconnectSpread { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of the id of a stream of several channels; every message of such a stream carries one. It bounds
    /// how many channels a stream may name, and how many of those seen by a filter are recovered. Default 2048.</summary>
    public int MaxIdBytes { get; set; } = 2048;

    /// <returns>What is wrong, and what would be right: one sentence each.</returns>
    public IEnumerable<string> Validate()
    {
        if (Heartbeat < TimeSpan.Zero) yield return "Sse:Heartbeat is negative; use for example 00:00:15, or 0 for none.";
        if (Retry <= TimeSpan.Zero) yield return "Sse:Retry must be longer than nothing; use for example 00:00:02.";
        if (ReconnectSpread < TimeSpan.Zero) yield return "Sse:ReconnectSpread is negative; use for example 00:00:05.";
        if (MaxIdBytes is < 256 or > SseId.MaxBytes)
        {
            yield return $"Sse:MaxIdBytes {MaxIdBytes} is out of range; use 256 to {SseId.MaxBytes}.";
        }
    }
}
