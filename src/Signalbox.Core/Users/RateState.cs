namespace Signalbox.Core.Users;

/// <summary>What is left of a rate limit, and in how long there is more (zero when something is left).</summary>
public readonly record struct RateState(int Remaining, TimeSpan RetryAfter);
