namespace Signalbox.Core.Users;

/// <summary>What of a token tells whether it was revoked.</summary>
/// <param name="Id">Its own id; null where it has none, and can only be revoked with all others of its user.</param>
/// <param name="IssuedAt">Null where it does not say: it then counts as issued before any revocation.</param>
public sealed record TokenStamp(string? Id, DateTimeOffset? IssuedAt);
