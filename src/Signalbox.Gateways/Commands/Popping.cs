using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Engine.Queues;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>qpop: at once where there is an item, else when there is one, beside whatever else the connection does.</summary>
internal static class Popping
{
    private static readonly ReplyBody<PopAnswer> Popped = static (reply, head, answer) =>
    {
        if (answer.Refusal != Refusal.None)
        {
            Replies.Refused(reply, head, answer.Refusal);
            return;
        }

        Replies.Begin(reply, head);
        if (answer.Item is not { } item)
        {
            reply.Property("value"u8);
            reply.Null();
        }
        else
        {
            QueueCommands.WriteItem(reply, item);
        }

        reply.EndObject();
    };

    private static readonly ReplyBody<PopAnswer> Reserved = static (reply, head, answer) =>
    {
        if (answer.Item is not { } item)
        {
            Popped!(reply, head, answer); // Set before it.
            return;
        }

        Replies.Begin(reply, head);
        QueueCommands.WriteItem(reply, item);
        reply.Property("receipt"u8);
        reply.Text(Receipts.Format(answer.Receipt));
        reply.Property("until"u8);
        reply.Number(answer.Until.ToUnixTimeMilliseconds());
        reply.EndObject();
    };

    public static ValueTask PopAsync(CommandSession session, Command command)
    {
        if (!QueueNames.TryQueue(session, command, Deed.Pop, out var queue, out var name)) return default;
        if (!Arguments.TryFlag(session, command, CommandField.Block, out var isBlocking)) return default;
        if (!Arguments.TryTime(session, command, CommandField.Timeout, out var timeout)) return default;
        if (!Arguments.TryTime(session, command, CommandField.Reserve, out var lease)) return default;

        if (isBlocking && session.Background.Count >= session.Host.Options.MaxBlockedPops)
        {
            session.Fail(
                command,
                ErrorCode.LimitExceeded,
                $"A connection has at most {session.Host.Options.MaxBlockedPops} blocked pops at a time.");
            return default;
        }

        // Nobody waits for the reply to a command without seq: an item must not be taken for nobody.
        if (command.SeqKind != SeqKind.Present && !session.IsRequest)
        {
            session.Fail(command, ErrorCode.NoSeq, "A 'qpop' needs a 'seq': its reply is the item.");
            return default;
        }

        var request = new PopRequest(lease, isBlocking ? timeout : TimeSpan.Zero);
        var body = lease is null ? Popped : Reserved;
        var popped = queue.PopAsync(request, session.Closed);
        if (popped.IsCompletedSuccessfully && session.Pending.IsIdle)
        {
            var answer = popped.Result;
            session.Answer(new ValueTask<PopAnswer>(answer), command, body);
            if (HandOverOf(session, queue, answer, lease is not null) is { } handOver) session.HandOverWithReply(handOver);
        }
        else if (popped.IsCompleted || !isBlocking)
        {
            session.AnswerInTurn(popped, command, body, answer => HandOverOf(session, queue, answer, lease is not null));
        }
        else
        {
            session.Background.Add(AnswerWhenPoppedAsync(
                session, queue, name, popped, new ReplyHead(command).Keep(), body, lease is not null));
        }

        return default;
    }

    private static async Task AnswerWhenPoppedAsync(
        CommandSession session,
        IQueue queue,
        string name,
        ValueTask<PopAnswer> popped,
        KeptHead head,
        ReplyBody<PopAnswer> body,
        bool isReserved)
    {
        PopAnswer answer;
        session.Host.Metrics.PopBlocked();
        try
        {
            answer = await popped;
        }
        catch (OperationCanceledException) when (session.Closed.IsCancellationRequested)
        {
            return;
        }
        catch (LogFailedException)
        {
            session.AnswerAside(head, Failure.LogFailed, Replies.Failure, null);
            return;
        }
        // Whatever it is: who waits for an item is not left without a word.
        catch (Exception)
        {
            session.AnswerAside(head, Failure.Internal, Replies.Failure, null);
            return;
        }
        finally
        {
            session.Host.Metrics.PopAnswered();
        }

        var handOver = HandOverOf(session, queue, answer, isReserved);
        if (session.Identity.Rights.Allow(Deed.Pop, name))
        {
            session.AnswerAside(head, answer, body, handOver);
            return;
        }

        // A newer token, which grants less, has come while it waited.
        handOver?.Lost();
        var failure = new Failure(ErrorCode.Forbidden, "Your token does not grant this any more.", null);
        session.AnswerAside(head, failure, Replies.Failure, null);
    }

    private static PopHandOver? HandOverOf(CommandSession session, IQueue queue, PopAnswer answer, bool isReserved) =>
        answer.Item is null ? null : new PopHandOver(session, queue, answer.Receipt, isReserved);
}
