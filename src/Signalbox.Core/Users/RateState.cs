namespace Signalbox.Core.Users;

/// <summary>What is left of a rate limit, and in how long there is enough (zero when there is now).</summary>
public readonly record struct RateState(int Remaining, TimeSpan RetryAfter);
