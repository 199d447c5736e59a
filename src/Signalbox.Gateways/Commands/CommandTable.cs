using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>Which code does which command, after what is checked for all of them.</summary>
internal static class CommandTable
{
    public static ValueTask HandleAsync(Session session, Command command, ReadOnlyMemory<byte> body)
    {
        var status = command.Read(body);
        if (session.Traffic.Spend(body.Length) is { } left)
        {
            session.Fail(command, Failure.Of(Refusal.RateLimited) with { Rate = left });
            return default;
        }

        if (status == CommandReadStatus.Ok)
        {
            if (!CheckSeq(session, command)) return default;

            var doing = DoAsync(session, command);
            return doing.IsCompletedSuccessfully ? default : WatchAsync(session, command, doing);
        }

        var code = ErrorTable.CodeOf(status);
        if (status == CommandReadStatus.NotAnObject)
        {
            session.FailAndClose(command, code, "The body is not a JSON object in UTF-8: send one object a frame.");
        }
        else
        {
            session.Fail(command, code, ErrorTable.Of(code).Sentence);
        }

        return default;
    }

    /// <summary>Whether a request may do it: some commands are about a connection, and a request is none.</summary>
    public static bool IsOfRequests(CommandName command) =>
        command is not (CommandName.None or CommandName.Subscribe or CommandName.Unsubscribe or CommandName.Hello);

    // What a command waits for before it can answer may fail with the log, and that is no end of the connection.
    private static async ValueTask WatchAsync(Session session, Command command, ValueTask doing)
    {
        try
        {
            await doing;
        }
        catch (LogFailedException)
        {
            session.Fail(command, Failure.LogFailed);
        }
    }

    private static bool CheckSeq(Session session, Command command)
    {
        switch (command.SeqKind)
        {
            case SeqKind.Bad:
                session.Fail(command, ErrorCode.Malformed, "The field 'seq' must be a string or a number.");
                return false;

            case SeqKind.Missing when session.RequiresSeq:
                session.Fail(command, ErrorCode.NoSeq, ErrorTable.Of(ErrorCode.NoSeq).Sentence);
                return false;

            default:
                return true;
        }
    }

    private static ValueTask DoAsync(Session session, Command command) => command.Name switch
    {
        _ when session.IsRequest && !IsOfRequests(command.Name) => RefuseAsync(session, command),
        CommandName.Subscribe => Subscribing.SubscribeAsync(session, command),
        CommandName.Unsubscribe => Subscribing.UnsubscribeAsync(session, command),
        CommandName.Publish => Publishing.PublishAsync(session, command),
        CommandName.Broadcast => Publishing.BroadcastAsync(session, command),
        CommandName.Channels => ChannelCommands.ChannelsAsync(session, command),
        CommandName.History => ChannelCommands.HistoryAsync(session, command),
        CommandName.Presence => ChannelCommands.PresenceAsync(session, command),
        CommandName.Set => HashCommands.SetAsync(session, command),
        CommandName.Get => HashCommands.GetAsync(session, command),
        CommandName.Delete => HashCommands.DeleteAsync(session, command),
        CommandName.Incr => HashCommands.IncrementAsync(session, command),
        CommandName.Count => HashCommands.CountAsync(session, command),
        CommandName.DeleteAll => HashCommands.DeleteAllAsync(session, command),
        CommandName.Keys => HashCommands.KeysAsync(session, command),
        CommandName.QPush => QueueCommands.PushAsync(session, command),
        CommandName.QPop => Popping.PopAsync(session, command),
        CommandName.QCount => QueueCommands.CountAsync(session, command),
        CommandName.QDelete => QueueCommands.DeleteAsync(session, command),
        CommandName.QDeleteAll => QueueCommands.DeleteAllAsync(session, command),
        CommandName.QAck => LeaseCommands.AcknowledgeAsync(session, command),
        CommandName.QNack => LeaseCommands.ReturnAsync(session, command),
        CommandName.QExtend => LeaseCommands.ExtendAsync(session, command),
        CommandName.QPeek => QueueCommands.PeekAsync(session, command),
        CommandName.Queues => QueueCommands.QueuesAsync(session, command),
        CommandName.Hello => ConnectionCommands.HelloAsync(session, command),
        CommandName.Ping => ConnectionCommands.PingAsync(session, command),
        CommandName.Quota => ConnectionCommands.QuotaAsync(session, command),
        CommandName.Send => UserCommands.SendAsync(session, command),
        CommandName.User => UserCommands.UserAsync(session, command),
        CommandName.Disconnect => UserCommands.DisconnectAsync(session, command),
        CommandName.Revoke => UserCommands.RevokeAsync(session, command),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.Name, "A command that nobody does."),
    };

    private static ValueTask RefuseAsync(Session session, Command command)
    {
        session.Fail(
            command,
            ErrorCode.UnknownCommand,
            "This command is about a connection, and a request is none: use a WebSocket, server-sent events or the dispatcher's port.");
        return default;
    }
}
