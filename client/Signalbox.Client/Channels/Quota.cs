namespace Signalbox.Client;

/// <summary>What is left of a channel's rate limit.</summary>
/// <param name="Limit">Messages that may be published within the window; null where there is no limit.</param>
/// <param name="RetryAfter">How long until one more may be published; zero where it may be now.</param>
public sealed record Quota(long? Limit, TimeSpan Window, long? Remaining, TimeSpan RetryAfter);
