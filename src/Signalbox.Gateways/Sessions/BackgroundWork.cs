namespace Signalbox.Gateways.Sessions;

/// <summary>What a session has under way beside its reading: it is awaited when the session ends.</summary>
internal sealed class BackgroundWork
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _tasks = [];

    public int Count
    {
        get
        {
            lock (_gate) return _tasks.Count;
        }
    }

    public void Add(Task task)
    {
        if (task.IsCompletedSuccessfully) return;

        lock (_gate) _tasks.Add(task);
        _ = task.ContinueWith(
            static (done, state) =>
            {
                var work = (BackgroundWork)state!;
                // What fails stays, so that the end of the session sees it.
                if (done.IsFaulted) return;
                lock (work._gate) work._tasks.Remove(done);
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    public Task WhenAllAsync()
    {
        lock (_gate) return Task.WhenAll(_tasks);
    }
}
