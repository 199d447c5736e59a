namespace Signalbox.Core.Users;

/// <summary>So much within any window of this length.</summary>
/// <param name="Name">What it limits, for example a channel filter.</param>
public sealed record RateLimit(string Name, int Amount, TimeSpan Window);
