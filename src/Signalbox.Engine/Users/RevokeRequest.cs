namespace Signalbox.Engine.Users;

/// <summary>Makes tokens of a user void, and cuts the connections that came in with them.</summary>
/// <param name="TokenId">The one token; null for all that were issued until now.</param>
/// <param name="Time">For how long that is remembered: as long as such a token could be valid.</param>
public sealed record RevokeRequest(string? TokenId, TimeSpan Time);
