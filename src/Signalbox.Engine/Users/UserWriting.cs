using Signalbox.Core.Users;

namespace Signalbox.Engine.Users;

/// <summary>What of a user is written down, whatever it is written to. Connections end with their node.</summary>
public static class UserWriting
{
    /// <summary>What is spent of a limit with a window up to this is kept in memory only.</summary>
    private static readonly TimeSpan LongestUnwritten = TimeSpan.FromMinutes(1);

    // Whoever waits for a restart to be given a fresh limit had better wait the minute. A busy short limit would be most
    // of what is written.
    public static bool IsWritten(User user, UserFact fact) => fact switch
    {
        RateSpent spent => spent.Window > LongestUnwritten,
        RateForgotten forgotten => user.WindowOf(forgotten.Limit) > LongestUnwritten,
        TokensRevoked or RevocationEnded => true,
        _ => false,
    };

    /// <summary>The facts that tell all of the user that is written.</summary>
    public static IEnumerable<UserFact> Told(User user) => user.Snapshot().Where(fact => IsWritten(user, fact));
}
