using Signalbox.Gates;

namespace Signalbox.Gateways.Sessions;

/// <summary>What a session has under way beside its reading: it is awaited when the session ends.</summary>
internal sealed class BackgroundWork
{
    private readonly Gate _gate = new(GateRank.BackgroundWork);
    private readonly HashSet<Task> _tasks = [];

    public int Count
    {
        get
        {
            using (_gate.Enter()) return _tasks.Count;
        }
    }

    public void Add(Task task)
    {
        if (task.IsCompletedSuccessfully) return;

        using (_gate.Enter()) _tasks.Add(task);
        _ = task.ContinueWith(
            static (done, state) =>
            {
                var work = (BackgroundWork)state!;
                // What fails stays, so that the end of the session sees it.
                if (done.IsFaulted) return;
                using (work._gate.Enter()) work._tasks.Remove(done);
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    public Task WhenAllAsync()
    {
        using (_gate.Enter()) return Task.WhenAll(_tasks);
    }
}
