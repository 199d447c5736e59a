using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>What became durable together, and everybody who waited for it.</summary>
/// <remarks>
/// They go on on the thread that completes it, in one turn, so that the replies to one connection leave in one write.
/// </remarks>
internal sealed class Flush(Action[] listeners) : IThreadPoolWorkItem
{
    // One for each, and completed inline, on purpose. A task that many await runs one of them and gives all the others
    // to the pool: a hop for each of hundreds would cost more than what they have to do, and lose their order.
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>Who hears of it before those who wait.</summary>
    public Action[] Listeners { get; set; } = listeners;

    /// <summary>Completes with it. Called under the log's gate, before it is completed.</summary>
    public ValueTask WaitAsync()
    {
        var done = new TaskCompletionSource();
        _waiting.Add(done);
        return new ValueTask(done.Task);
    }

    /// <summary>Lets deliveries and replies out.</summary>
    public void Complete()
    {
        Turn.Begin();
        try
        {
            foreach (var listener in Listeners) listener();
            foreach (var done in _waiting) done.SetResult();
        }
        finally
        {
            Turn.End();
        }
    }

    public void Fail(Exception failure)
    {
        foreach (var done in _waiting) done.SetException(failure);
    }

    void IThreadPoolWorkItem.Execute() => Complete();
}
