using System.Runtime.CompilerServices;
using Signalbox.Engine;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Outbound;

namespace Signalbox.Gateways.Sessions;

/// <summary>A reply that waits for its answer, and for those before it.</summary>
internal abstract class PendingReply
{
    /// <summary>The one behind it. Under the gate of its line.</summary>
    public PendingReply? Next { get; set; }

    /// <summary>Whether the answer is there. Under the gate of its line.</summary>
    public bool IsReady { get; set; }

    /// <summary>Writes it, once it is ready, with what changes hands with it.</summary>
    public abstract void Write(Session session, SessionScratch scratch);
}

/// <summary>A reply of one kind that waits.</summary>
internal sealed class PendingReply<T>(KeptHead head, ReplyBody<T> body, Func<T, IHandOver?>? handOver) : PendingReply
{
    private ValueTaskAwaiter<T> _answer;

    /// <summary>Has this called when the answer is there, which may be at once.</summary>
    public void Await(ValueTask<T> answer, Action onReady)
    {
#pragma warning disable CA2012 // Its result is taken once, in Write.
        _answer = answer.GetAwaiter();
#pragma warning restore CA2012
        if (_answer.IsCompleted) onReady();
        else _answer.UnsafeOnCompleted(onReady);
    }

    public override void Write(Session session, SessionScratch scratch)
    {
        T known;
        try
        {
            known = _answer.GetResult();
        }
        catch (OperationCanceledException) when (session.Closed.IsCancellationRequested)
        {
            // Nobody is there any more to be told.
            return;
        }
        catch (LogFailedException)
        {
            session.Write(scratch, head.Head, Failure.LogFailed, Replies.Failure);
            return;
        }
        catch (Exception)
        {
            session.Write(scratch, head.Head, Failure.Internal, Replies.Failure);
            return;
        }

        session.Write(scratch, head.Head, known, body);
        if (handOver?.Invoke(known) is { } changing) (scratch.HandOvers ??= new()).Add(changing);
    }
}
