namespace Signalbox.Core.Users;

/// <summary>The bounds of one user.</summary>
public sealed record UserLimits
{
    public static readonly UserLimits Default = new();

    public int MaxConnections { get; init; } = 10_000;

    /// <summary>The largest amount of a rate limit: each unit spent within the window is remembered.</summary>
    public int MaxRate { get; init; } = 100_000;

    /// <summary>Rate limits kept of one user at one time.</summary>
    public int MaxRates { get; init; } = 1_000;

    /// <summary>Single tokens that are remembered as revoked; to revoke all of a user counts as none.</summary>
    public int MaxRevocations { get; init; } = 1_000;
}
