using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>What became durable together, and everybody who waited for it.</summary>
/// <remarks>
/// They go on on the thread that completes it, in one turn, so that the replies to one connection leave in one write.
/// </remarks>
internal sealed class Flush(Action[] listeners) : IThreadPoolWorkItem
{
    // Inline on purpose: a hop to the pool for each of hundreds would cost more than what they have to do.
    private readonly TaskCompletionSource _done = new();

    public Task Done => _done.Task;

    /// <summary>Whether anybody waits.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>Lets deliveries and replies out.</summary>
    public void Complete()
    {
        Turn.Begin();
        try
        {
            foreach (var listener in listeners) listener();
            if (IsAwaited) _done.SetResult();
        }
        finally
        {
            Turn.End();
        }
    }

    public void Fail(Exception failure)
    {
        if (IsAwaited) _done.TrySetException(failure);
    }

    void IThreadPoolWorkItem.Execute() => Complete();
}
