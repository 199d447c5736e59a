namespace Signalbox.Engine.Cluster.Machines;

/// <summary>Has a grain do what a process asks of it in the order in which it was asked.</summary>
/// <remarks>
/// A call that has overtaken another waits for it, but not for long: where the other was lost, or was done by an
/// activation before this one, it never comes.
/// </remarks>
internal sealed class CallTurns(TimeProvider time)
{
    // On a machine with no time for us a call can be on its way for a second, and must not be overtaken then.
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int MaxCallers = 64;

    private readonly List<Caller> _callers = [];

    public bool IsDue(CallTurn turn) => turn.Caller == 0 || CallerOf(turn.Caller).IsDue(turn);

    public async Task WhenDueAsync(CallTurn turn)
    {
        var due = CallerOf(turn.Caller).Hold(turn);
        try
        {
            await due.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
        }
    }

    /// <summary>The call has decided what it does: the next may.</summary>
    public void Done(CallTurn turn)
    {
        if (turn.Caller != 0) CallerOf(turn.Caller).Done(turn);
    }

    private Caller CallerOf(long id)
    {
        foreach (var known in _callers)
        {
            if (known.Id == id) return known;
        }

        // Of processes that are long gone.
        if (_callers.Count == MaxCallers) _callers.RemoveAt(0);
        var caller = new Caller(id);
        _callers.Add(caller);
        return caller;
    }

    private sealed class Caller(long id)
    {
        private readonly Dictionary<CallTurn, TaskCompletionSource> _held = new(0);
        private long _lane;
        private long _next;

        public long Id => id;

        // A lane is begun when all calls of the one before were answered, or given up.
        public bool IsDue(CallTurn turn) =>
            turn.Number == 0 || turn.Lane < _lane || (turn.Lane == _lane && turn.Number <= _next);

        public Task Hold(CallTurn turn)
        {
            var due = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _held.Add(turn, due);
            return due.Task;
        }

        public void Done(CallTurn turn)
        {
            _held.Remove(turn);
            if (turn.Lane < _lane || (turn.Lane == _lane && turn.Number < _next)) return;

            _lane = turn.Lane;
            _next = turn.Number + 1;
            if (_held.Count > 0 && _held.TryGetValue(turn with { Number = _next }, out var due)) due.TrySetResult();
        }
    }
}
