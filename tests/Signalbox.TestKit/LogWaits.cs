using Signalbox.Engine.Embedded.Log;

namespace Signalbox.TestKit;

/// <summary>Waiting for a log with a task.</summary>
public static class LogWaits
{
    /// <summary>Completes when everything up to this position is durable; fails where it never will be.</summary>
    public static Task WhenDurableAsync(this ILog log, long position)
    {
        var waiter = new Waiter();
        return log.TryWait(position, waiter) ? waiter.Done.Task : Task.CompletedTask;
    }

    private sealed class Waiter : IDurableWaiter
    {
        public TaskCompletionSource Done { get; } = new();

        public void Durable() => Done.SetResult();

        public void Lost(Exception failure) => Done.SetException(failure);
    }
}
