using Signalbox.Engine.Nodes;
using Signalbox.Gates;
using Signalbox.Gateways.Outbound;

namespace Signalbox.Gateways.Sessions;

/// <summary>
/// Replies that have to wait, for storage or another machine, in the order of their commands: many commands of a
/// connection are under way at once, and are answered in their order all the same.
/// </summary>
/// <remarks>
/// Who makes the first of them ready sees to it that it is written, and all that are ready behind it with one write.
/// Where others are under way, the thread that reads the connection does it: until it comes to that, more get ready.
/// Within a turn it waits for the end, so that all that one flush of the log has let out are among them.
/// </remarks>
internal sealed class PendingReplies(Session session) : IHomedWork
{
    private readonly Gate _gate = new(GateRank.PendingReplies);
    private TaskCompletionSource? _idle;
    private PendingReply? _first;
    private PendingReply? _last;
    private volatile int _count;
    private bool _isWriting;

    // The thread that reads the connection; null until it has left a reply here, and where there is no such thread.
    private Action<IThreadPoolWorkItem>? _home;

    Action<IThreadPoolWorkItem>? IHomedWork.Home => _home;

    /// <summary>Whether every reply that was added is written.</summary>
    public bool IsIdle => _count == 0;

    public int Count => _count;

    /// <summary>Adds a reply; it is written when its answer is there, and all before it are.</summary>
    public void Add<T>(ValueTask<T> answer, KeptHead head, ReplyBody<T> body, Func<T, IHandOver?>? handOver)
    {
        var reply = new PendingReply<T>(head, body, handOver);
        _home ??= Turn.Home;
        using (_gate.Enter())
        {
            if (_last is null) _first = reply;
            else _last.Next = reply;
            _last = reply;
            _count++;
        }

        reply.Await(answer, () => Ready(reply));
    }

    /// <summary>Completes when every reply that was added is written.</summary>
    public Task WhenIdleAsync()
    {
        using (_gate.Enter())
        {
            if (_count == 0) return Task.CompletedTask;
            return (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        var scratch = SessionScratch.Rent();
        for (var next = Volatile.Read(ref _first); next is not null;)
        {
            PendingReply written;
            var count = 0;
            do
            {
                next.Write(session, scratch);
                written = next;
                count++;
                next = ReadyAfter(written);
            }
            while (next is not null && scratch.Replies.Length < Session.MaxGatheredBytes);

            session.Send(scratch);
            next = Remove(written, count);
        }

        scratch.Return();
    }

    private void Ready(PendingReply reply)
    {
        bool isAlone;
        using (_gate.Enter())
        {
            reply.IsReady = true;
            if (_isWriting || _first != reply) return;
            _isWriting = true;
            isAlone = _count == 1;
        }

        if (Turn.IsOpen) Turn.PutOff(this);
        else if (isAlone || _home is not { } home) ((IThreadPoolWorkItem)this).Execute();
        else home(this);
    }

    private PendingReply? ReadyAfter(PendingReply reply)
    {
        using (_gate.Enter()) return reply.Next is { IsReady: true } next ? next : null;
    }

    /// <returns>The next one that is ready; null where this thread no longer writes.</returns>
    private PendingReply? Remove(PendingReply written, int count)
    {
        using (_gate.Enter())
        {
            _first = written.Next;
            _count -= count;
            if (_first is { IsReady: true }) return _first;

            _isWriting = false;
            if (_first is not null) return null;

            _last = null;
            _idle?.SetResult();
            _idle = null;
            return null;
        }
    }
}
