namespace Signalbox.Core.Channels;

/// <summary>Who is present in a channel: one connection of somebody.</summary>
/// <param name="Id">The connection.</param>
/// <param name="Node">The node it came through: when that is lost, the member is.</param>
/// <param name="Peer">Where it comes from, as <c>address:port</c>.</param>
/// <param name="Name">What it calls itself; null where it did not say.</param>
/// <param name="User">Whose it is; null where nobody was authenticated.</param>
public sealed record Member(string Id, string Node, string Peer, string? Name, string? User, DateTimeOffset Since);
