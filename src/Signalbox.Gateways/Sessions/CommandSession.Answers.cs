using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Outbound;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Sessions;

// How commands are answered: at once, in their turn, or whenever it is.
internal abstract partial class CommandSession
{
    /// <summary>Writes the reply when the answer is there, after those to all earlier commands.</summary>
    public void Answer<T>(ValueTask<T> answer, Command command, ReplyBody<T> body)
    {
        if (answer.IsCompletedSuccessfully && Pending.IsIdle)
        {
            Write(Scratch, new ReplyHead(command), answer.Result, body);
        }
        else
        {
            AnswerInTurn(answer, command, body, null);
        }
    }

    /// <summary>Writes the reply, with what changes hands with it, when the answer is there and it is its turn.</summary>
    public void AnswerInTurn<T>(ValueTask<T> answer, Command command, ReplyBody<T> body, Func<T, IHandOver?>? handOver)
    {
        // What gathered so far belongs before it.
        FlushReplies();
        Pending.Add(answer, new ReplyHead(command).Keep(), body, handOver);
    }

    /// <summary>Answers with an error.</summary>
    public void Fail(Command command, ErrorCode code, string message) =>
        Answer(new ValueTask<Failure>(new Failure(code, message, null)), command, Replies.Failure);

    public void Fail(Command command, Failure failure) =>
        Answer(new ValueTask<Failure>(failure), command, Replies.Failure);

    /// <summary>Answers with an error after which nothing more is read.</summary>
    public void FailAndClose(Command command, ErrorCode code, string message) =>
        FailAndClose(command, new Failure(code, message, null));

    public void FailAndClose(Command command, Failure failure)
    {
        Fail(command, failure);
        IsBroken = true;
    }

    /// <summary>Sends a reply that comes whenever it comes, with what changes hands with it.</summary>
    public void AnswerAside<T>(KeptHead head, T answer, ReplyBody<T> body, IHandOver? handOver)
    {
        var scratch = SessionScratch.Rent();
        Write(scratch, head.Head, answer, body);
        if (handOver is not null) (scratch.HandOvers ??= new()).Add(handOver);
        Send(scratch);
        scratch.Return();
    }

    /// <summary>This changes hands with the reply that was written last.</summary>
    public void HandOverWithReply(IHandOver handOver) => (Scratch.HandOvers ??= new()).Add(handOver);
}
