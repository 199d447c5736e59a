using System.Diagnostics;
using System.Globalization;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>
/// All commands that have no answer yet: those that wait for a connection, in order, and those that were sent.
/// <code>
///              submit                      reply
///    caller ----+-------------&gt; sent ----------------&gt; done
///               |               ^  |
///    no link or |         drain |  | link lost
///    no room    v               |  v
///            waiting -----------+--+-----------------&gt; fails: outcome unknown
///               ^                  |
///               '------------------'  not sent, or repeatable: to the front again
/// </code>
/// </summary>
/// <remarks>Thread-safe. Calls are completed and failed outside of the gate: some of them take other locks.</remarks>
internal sealed class CallTable(TimeProvider clock, int maxFrameBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Call> _sent = [];
    private readonly JsonBuffer _scratch = new();
    private Queue<Call> _waiting = new();
    private Outbox? _outbox;
    private bool _isOpen;
    private bool _mayWait = true;
    private Exception? _noConnection;
    private ObjectDisposedException? _ended;
    private TaskCompletionSource? _sentSomething;
    private long _lastSeq;

    /// <summary>Whether a reply is still to come.</summary>
    public bool AwaitsReply
    {
        get
        {
            lock (_gate) return _sent.Count > 0;
        }
    }

    /// <summary>Done as soon as a reply is still to come.</summary>
    public Task WhenAwaitingReply()
    {
        lock (_gate)
        {
            if (_sent.Count > 0) return Task.CompletedTask;
            _sentSomething ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _sentSomething.Task;
        }
    }

    public long DeadlineIn(TimeSpan time) =>
        clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);

    /// <summary>Sends the call, at once where it can be, else when there is a connection with room.</summary>
    public void Submit(Call call)
    {
        Exception? failure;
        lock (_gate)
        {
            if (call.IsDone) return;

            if (_ended is not null) failure = _ended;
            else if (_isOpen && _waiting.Count == 0 && _outbox!.HasRoom) failure = TrySend(call); // Open: there is one.
            else if (_mayWait || _outbox is not null)
            {
                _waiting.Enqueue(call);
                return;
            }
            else failure = NotSent("There is no connection, and none is being made: call ConnectAsync.");
        }

        if (failure is not null) call.Fail(failure);
    }

    /// <summary>Sends a call that belongs to this connection, ahead of all that wait.</summary>
    public void SubmitNow(Call call)
    {
        Exception? failure;
        lock (_gate) failure = _outbox is null ? NotSent("The connection is gone.") : TrySend(call);

        if (failure is not null) call.Fail(failure);
    }

    /// <summary>There is a connection, on which only <see cref="SubmitNow"/> sends for now.</summary>
    public void Attach(Outbox outbox)
    {
        lock (_gate) _outbox = outbox;
    }

    /// <summary>The connection is ready for everybody, or has room again.</summary>
    public void Drain(bool open = false)
    {
        List<(Call Call, Exception Failure)>? refused = null;
        lock (_gate)
        {
            _isOpen |= open;
            if (!_isOpen || _outbox is null) return;

            while (_outbox.HasRoom && _waiting.TryDequeue(out var call))
            {
                if (!call.IsDone && TrySend(call) is { } failure) (refused ??= []).Add((call, failure));
            }
        }

        foreach (var (call, failure) in refused ?? []) call.Fail(failure);
    }

    /// <summary>The connection is over: what was not sent, or can be repeated, waits for the next; the rest
    /// fails.</summary>
    public void Detach(Exception reason)
    {
        var failed = new List<(Call Call, Outcome Outcome)>();
        lock (_gate)
        {
            if (_outbox is null) return;

            var handed = _outbox.Handed;
            var again = new Queue<Call>();
            foreach (var call in _sent.Values.Where(call => !call.IsDone).OrderBy(call => call.Seq))
            {
                var wasSent = call.StartsAt < handed;
                var mayRepeat = !wasSent || (call.Traits & (CallTraits.Repeatable | CallTraits.ByReceipt)) != 0;
                if (mayRepeat && (call.Traits & CallTraits.OfConnection) == 0)
                {
                    call.WasSent |= wasSent;
                    again.Enqueue(call);
                }
                else
                {
                    failed.Add((call, wasSent ? Outcome.Unknown : Outcome.NotSent));
                }
            }

            foreach (var call in _waiting) again.Enqueue(call);
            _waiting = again;
            _sent.Clear();
            _outbox = null;
            _isOpen = false;
            _noConnection = reason;
        }

        foreach (var (call, outcome) in failed) call.Fail(Lost(outcome, reason));
    }

    /// <summary>Whether calls may wait for a connection that is being made. Those that wait in vain fail.</summary>
    public void LetWait(bool mayWait)
    {
        Queue<Call> vain = new();
        lock (_gate)
        {
            _mayWait = mayWait;
            if (!mayWait && _outbox is null) (vain, _waiting) = (_waiting, vain);
        }

        foreach (var call in vain) call.Fail(Lost(OutcomeOf(call), _noConnection));
    }

    /// <summary>The client is disposed of: every call fails, now and later.</summary>
    public void End(ObjectDisposedException reason)
    {
        Queue<Call> waiting;
        lock (_gate)
        {
            _ended = reason;
            waiting = _waiting;
            _waiting = new Queue<Call>();
        }

        foreach (var call in waiting) call.Fail(Lost(OutcomeOf(call), reason));
    }

    /// <summary>Gives the reply to its call. One that nobody knows is of a call that was given up.</summary>
    public void Complete(Reply reply)
    {
        Call? call;
        lock (_gate)
        {
            if (!_sent.Remove(reply.Number(ReplyField.Seq), out call)) return;
        }

        call.Complete(reply);
    }

    /// <summary>Gives up what has waited too long, and forgets what nobody waits for.</summary>
    public void Sweep()
    {
        var late = new List<(Call Call, Exception Failure)>();
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            foreach (var call in _sent.Values)
            {
                if (call.IsDone && (call.Traits & CallTraits.LateReplyCounts) == 0) _sent.Remove(call.Seq);
                else if (!call.IsDone && call.Deadline <= now) late.Add((call, TimedOut()));
            }

            foreach (var call in _waiting)
            {
                if (!call.IsDone && call.Deadline <= now) late.Add((call, Lost(OutcomeOf(call), _noConnection)));
            }

            while (_waiting.TryPeek(out var first) && first.IsDone) _waiting.Dequeue();
        }

        foreach (var (call, failure) in late) call.Fail(failure);
    }

    private SignalboxException? TrySend(Call call)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "The order of the frames is the order of the calls.");
        call.Seq = ++_lastSeq;
        _scratch.Clear();
        var writer = new ReplyWriter(_scratch);
        var start = writer.BeginFrame();
        call.Write(writer);
        writer.EndFrame(start);
        if (_scratch.Length > maxFrameBytes)
        {
            return new SignalboxException(ErrorCode.LimitExceeded, string.Create(
                CultureInfo.InvariantCulture,
                $"The command has {_scratch.Length} bytes and may have {maxFrameBytes}, see MaxFrameBytes."));
        }

        call.StartsAt = _outbox!.Append(_scratch.WrittenSpan); // Asked for by the callers.
        _sent.Add(call.Seq, call);
        _sentSomething?.TrySetResult();
        _sentSomething = null;
        return null;
    }

    private static Outcome OutcomeOf(Call call) => call.WasSent ? Outcome.Unknown : Outcome.NotSent;

    private static SignalboxConnectionLostException NotSent(string message) => new(Outcome.NotSent, message);

    private static SignalboxConnectionLostException Lost(Outcome outcome, Exception? reason) => new(
        outcome,
        outcome == Outcome.NotSent
            ? "The command was not sent: there was no connection in time."
            : "The connection broke before the reply came: whether the command was done is unknown.",
        reason);

    private static SignalboxTimeoutException TimedOut() =>
        new("The reply did not come in time: whether the command was done is unknown.");
}
