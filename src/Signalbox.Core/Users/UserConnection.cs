namespace Signalbox.Core.Users;

/// <summary>One connection of a user: where it is and since when.</summary>
public sealed record UserConnection(
    string Id, string Node, string Peer, string Protocol, string? Name, DateTimeOffset Since);
