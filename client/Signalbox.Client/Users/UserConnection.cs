namespace Signalbox.Client;

/// <summary>One connection of a user: where it is and since when.</summary>
/// <param name="Node">The server that it is connected to.</param>
/// <param name="Peer">Where it comes from: an address and port.</param>
public sealed record UserConnection(
    string Id, string Node, string Peer, string Protocol, string? Name, DateTimeOffset Since)
{
    internal static readonly Func<Reply, UserConnection> Read = static reply => new UserConnection(
        reply.Text(ReplyField.Id),
        reply.Text(ReplyField.Node),
        reply.Text(ReplyField.Peer),
        reply.Text(ReplyField.Protocol),
        reply.TextOrNull(ReplyField.Name),
        reply.Time(ReplyField.Since));
}
