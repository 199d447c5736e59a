namespace Signalbox.Core.Users;

/// <summary>Everything that can happen to a user.</summary>
public abstract record UserFact;

/// <summary>The user has one connection more.</summary>
public sealed record ConnectionOpened(UserConnection Connection) : UserFact;

/// <summary>A connection of the user is gone.</summary>
public sealed record ConnectionClosed(string Id) : UserFact;

/// <summary>A node is alive until this moment, and with it the user's connections to it.</summary>
public sealed record UserNodeRenewed(string Node, DateTimeOffset Until) : UserFact;

/// <summary>A node is gone, and with it the user's connections to it.</summary>
public sealed record UserNodeLost(string Node) : UserFact;

/// <summary>The user spent something of a rate limit, named by what it limits.</summary>
/// <param name="Window">After this time it does not count any more.</param>
public sealed record RateSpent(string Limit, int Amount, DateTimeOffset At, TimeSpan Window) : UserFact;

/// <summary>What was spent of this rate limit up to and with this moment does not count any more.</summary>
public sealed record RateForgotten(string Limit, DateTimeOffset UpTo) : UserFact;

/// <summary>Tokens of the user are void until this moment, after which none of them could be valid anyway.</summary>
/// <param name="TokenId">The one token; null for all.</param>
/// <param name="At">Of all tokens: those that were issued up to and with this moment.</param>
public sealed record TokensRevoked(string? TokenId, DateTimeOffset At, DateTimeOffset Until) : UserFact;

/// <summary>This revocation need not be remembered any more.</summary>
public sealed record RevocationEnded(string? TokenId) : UserFact;
