using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Queues;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>qack, qnack and qextend: what the holder of an item says.</summary>
internal static class LeaseCommands
{
    private static readonly ReplyBody<Refusal> Reply = static (reply, head, refusal) =>
    {
        if (refusal == Refusal.None) Replies.Done(reply, head, true);
        else Replies.Refused(reply, head, refusal);
    };

    public static ValueTask AcknowledgeAsync(CommandSession session, Command command)
    {
        if (!TryHolder(session, command, out var queue, out var receipt)) return default;

        session.Answer(queue.AcknowledgeAsync(receipt, session.Closed), command, Reply);
        return default;
    }

    public static ValueTask ReturnAsync(CommandSession session, Command command)
    {
        if (!TryHolder(session, command, out var queue, out var receipt)) return default;
        if (!Arguments.TryTime(session, command, CommandField.Delay, out var delay)) return default;

        var request = new ReturnRequest(receipt, delay ?? TimeSpan.Zero, CountAttempt: true);
        session.Answer(queue.ReturnAsync(request, session.Closed), command, Reply);
        return default;
    }

    public static ValueTask ExtendAsync(CommandSession session, Command command)
    {
        if (!TryHolder(session, command, out var queue, out var receipt)) return default;
        if (!Arguments.TryTime(session, command, CommandField.Reserve, out var lease)) return default;

        if (lease is not { } time)
        {
            session.Fail(command, ErrorCode.Malformed, "The field 'reserve' is missing: for how many milliseconds from now.");
            return default;
        }

        session.Answer(queue.ExtendAsync(receipt, time, session.Closed), command, Reply);
        return default;
    }

    private static bool TryHolder(CommandSession session, Command command, out IQueue queue, out Receipt receipt)
    {
        receipt = default;
        if (!QueueNames.TryQueue(session, command, Deed.Pop, out queue)) return false;
        if (command.TryGetText(CommandField.Receipt, out var text, out var isPresent)
            && isPresent && Receipts.TryParse(text, out receipt))
        {
            return true;
        }

        session.Fail(command, ErrorCode.Malformed, "The field 'receipt' must be the text that the 'qpop' gave.");
        return false;
    }
}
