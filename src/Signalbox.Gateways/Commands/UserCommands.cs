using Signalbox.Core.Refusals;
using Signalbox.Core.Users;
using Signalbox.Engine.Users;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Tracing;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Commands;

/// <summary>send, user, disconnect and revoke: what is said to users, and about them.</summary>
internal static class UserCommands
{
    private static readonly ReplyBody<int> Sent = static (reply, head, count) =>
    {
        Replies.Begin(reply, head);
        reply.Property("published"u8);
        reply.Number(count);
        reply.EndObject();
    };

    private static readonly ReplyBody<IReadOnlyList<UserConnection>> UserReply = static (reply, head, connections) =>
    {
        Replies.Begin(reply, head);
        reply.Property("online"u8);
        reply.Boolean(connections.Count > 0);
        if (connections.Count > 0)
        {
            // The oldest comes first.
            reply.Property("since"u8);
            reply.Number(connections[0].Since.ToUnixTimeMilliseconds());
        }

        reply.Property("value"u8);
        reply.BeginArray();
        foreach (var connection in connections)
        {
            reply.Element();
            WriteConnection(reply, connection);
        }

        reply.EndArray();
        reply.EndObject();
    };

    private static readonly ReplyBody<RevokeAnswer> RevokeReply = static (reply, head, answer) =>
    {
        if (answer.Refusal == Refusal.None) Replies.Number(reply, head, answer.Cut);
        else Replies.Refused(reply, head, answer.Refusal);
    };

    public static ValueTask SendAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var user)) return default;
        if (!Permits.Check(session, command, Deed.SendToUser, user)) return default;
        if (!Arguments.TryPayload(session, command, out var payload)) return default;
        if (!Arguments.TryHeaders(session, command, out var headers)) return default;

        var span = Spans.Begin(session, "send", user, headers, out headers);
        var request = new DirectRequest(payload, headers, session.Peer);
        session.Answer(Spans.Until(span, session.Host.Engine.User(user).SendAsync(request, session.Closed)), command, Sent);
        return default;
    }

    public static ValueTask UserAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var user)) return default;
        // Everybody may know where they are themselves.
        if (user != session.Identity.User && !Permits.Check(session, command, Deed.ReadUser, user)) return default;

        session.Answer(session.Host.Engine.User(user).ConnectionsAsync(session.Closed), command, UserReply);
        return default;
    }

    public static async ValueTask DisconnectAsync(CommandSession session, Command command)
    {
        if (!Permits.CheckAdmin(session, command)) return;
        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var user)) return;

        long count = await session.Host.Engine.User(user).DisconnectAsync(session.Closed);
        session.Answer(new ValueTask<long>(count), command, Replies.Number);
    }

    public static ValueTask RevokeAsync(CommandSession session, Command command)
    {
        if (!Permits.CheckAdmin(session, command)) return default;
        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var user)) return default;
        if (!Arguments.TryText(session, command, CommandField.Id, out var tokenId)) return default;
        if (!Arguments.TryTime(session, command, CommandField.Ttl, out var time)) return default;

        var request = new RevokeRequest(tokenId, time ?? session.Host.Doors.RevocationTime);
        session.Answer(session.Host.Engine.User(user).RevokeAsync(request, session.Closed), command, RevokeReply);
        return default;
    }

    private static void WriteConnection(ReplyWriter reply, UserConnection connection)
    {
        reply.BeginObject();
        reply.Property("id"u8);
        reply.Text(connection.Id);
        reply.Property("node"u8);
        reply.Text(connection.Node);
        reply.Property("peer"u8);
        reply.Text(connection.Peer);
        reply.Property("protocol"u8);
        reply.Text(connection.Protocol);
        if (connection.Name is not null)
        {
            reply.Property("name"u8);
            reply.Text(connection.Name);
        }

        reply.Property("since"u8);
        reply.Number(connection.Since.ToUnixTimeMilliseconds());
        reply.EndObject();
    }
}
