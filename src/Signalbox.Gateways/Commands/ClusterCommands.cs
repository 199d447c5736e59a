using Signalbox.Engine.Clusters;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Commands;

/// <summary>cluster: what the server is a part of.</summary>
internal static class ClusterCommands
{
    private static readonly ReplyBody<ClusterState?> StateReply = static (reply, head, state) =>
    {
        Replies.Begin(reply, head);
        reply.Property("value"u8);
        if (state is null) reply.Null();
        else WriteState(reply, state);
        reply.EndObject();
    };

    public static ValueTask LookAsync(CommandSession session, Command command)
    {
        if (!Permits.CheckAdmin(session, command)) return default;

        session.Answer(LookAsync(session.Host.Cluster, session.Closed), command, StateReply);
        return default;
    }

    private static async ValueTask<ClusterState?> LookAsync(ICluster? cluster, CancellationToken cancellationToken) =>
        cluster is null ? null : await cluster.LookAsync(cancellationToken);

    private static void WriteState(ReplyWriter reply, ClusterState state)
    {
        reply.BeginObject();
        reply.Property("silos"u8);
        reply.BeginArray();
        foreach (var silo in state.Silos) WriteSilo(reply, silo);
        reply.EndArray();
        reply.Property("nodes"u8);
        reply.BeginArray();
        foreach (var node in state.Nodes) WriteNode(reply, node);
        reply.EndArray();
        reply.EndObject();
    }

    private static void WriteSilo(ReplyWriter reply, SiloState silo)
    {
        reply.Element();
        reply.BeginObject();
        WriteText(reply, "silo"u8, silo.Address);
        WriteText(reply, "status"u8, silo.Status);
        WriteText(reply, "version"u8, silo.Version);
        reply.Property("since"u8);
        reply.Number(silo.Since.ToUnixTimeMilliseconds());
        if (silo.Grains is { } grains)
        {
            reply.Property("grains"u8);
            reply.BeginObject();
            WriteNumber(reply, "channels"u8, grains.Channels);
            WriteNumber(reply, "users"u8, grains.Users);
            WriteNumber(reply, "keys"u8, grains.Keys);
            WriteNumber(reply, "queues"u8, grains.Queues);
            reply.EndObject();
        }

        reply.EndObject();
    }

    private static void WriteNode(ReplyWriter reply, NodeState node)
    {
        reply.Element();
        reply.BeginObject();
        WriteText(reply, "node"u8, node.Id);
        WriteText(reply, "silo"u8, node.Silo);
        WriteText(reply, "version"u8, node.Version);
        if (node.Backlog is { } backlog) WriteNumber(reply, "backlog"u8, backlog);
        reply.EndObject();
    }

    private static void WriteText(ReplyWriter reply, ReadOnlySpan<byte> name, string? text)
    {
        if (text is null) return;

        reply.Property(name);
        reply.Text(text);
    }

    private static void WriteNumber(ReplyWriter reply, ReadOnlySpan<byte> name, long number)
    {
        reply.Property(name);
        reply.Number(number);
    }
}
