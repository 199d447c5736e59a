namespace Signalbox.Core.Users;

/// <summary>One connection of a user: where it is and since when.</summary>
/// <param name="Token">What it came in with; null where that was no token.</param>
public sealed record UserConnection(
    string Id, string Node, string Peer, string Protocol, string? Name, DateTimeOffset Since, TokenStamp? Token);
