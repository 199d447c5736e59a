namespace Signalbox.Client;

/// <summary>Somebody who is present in a channel.</summary>
public sealed record Member(string Id, string Peer, string? Name, string? User, DateTimeOffset Since)
{
    internal static readonly Func<Reply, Member> Read = static reply => new Member(
        reply.Text(ReplyField.Id),
        reply.Text(ReplyField.Peer),
        reply.TextOrNull(ReplyField.Name),
        reply.TextOrNull(ReplyField.User),
        reply.Time(ReplyField.Since));
}
