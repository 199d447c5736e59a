namespace Signalbox.Gateways.Sessions;

/// <summary>
/// Replies that have to wait, for storage or another machine, in the order of their commands: many commands of a
/// connection are under way at once, and are answered in their order all the same.
/// </summary>
internal sealed class PendingReplies
{
    private readonly Lock _gate = new();
    private readonly Queue<Func<Task>> _replies = new();
    private TaskCompletionSource? _idle;
    private volatile bool _isRunning;

    /// <summary>Whether every reply that was added is written.</summary>
    public bool IsIdle => !_isRunning;

    public int Count
    {
        get
        {
            lock (_gate) return _replies.Count + (_isRunning ? 1 : 0);
        }
    }

    /// <summary>Adds a reply; it is written when all before it are. It never throws.</summary>
    public void Add(Func<Task> reply)
    {
        lock (_gate)
        {
            _replies.Enqueue(reply);
            if (_isRunning) return;
            _isRunning = true;
            _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // Owned by whoever waits for WhenIdleAsync, at the latest the end of the session.
        _ = RunAsync();
    }

    /// <summary>Completes when every reply that was added is written.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate) return _isRunning ? _idle!.Task : Task.CompletedTask; // Set while it runs.
    }

    private async Task RunAsync()
    {
        while (true)
        {
            Func<Task>? reply;
            lock (_gate)
            {
                if (!_replies.TryDequeue(out reply))
                {
                    _isRunning = false;
                    _idle!.SetResult(); // Set while it runs.
                    return;
                }
            }

            await reply();
        }
    }
}
