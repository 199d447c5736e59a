using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>Those of one loop who wait for a flush; or of all threads that have no loop.</summary>
/// <remarks>
/// Where they are many they go on on their own loop's thread, all by one call: what they touch is that thread's, and the
/// thread that has flushed is free for the next flush. For a few to wake the loop costs more.
/// </remarks>
internal sealed class Waiting(Action<IThreadPoolWorkItem>? loop) : IThreadPoolWorkItem
{
    private const int Few = 16;

    private readonly List<IDurableWaiter> _waiters = [];

    public Action<IThreadPoolWorkItem>? Loop => loop;

    public void Add(IDurableWaiter waiter) => _waiters.Add(waiter);

    /// <summary>What they wait for is durable. Within a turn.</summary>
    public void Complete()
    {
        if (loop is null || ReferenceEquals(loop, Turn.Home) || _waiters.Count < Few) TellAll();
        else loop(this);
    }

    public void Fail(Exception failure)
    {
        foreach (var waiter in _waiters) waiter.Lost(failure);
    }

    void IThreadPoolWorkItem.Execute() => TellAll();

    private void TellAll()
    {
        foreach (var waiter in _waiters) waiter.Durable();
    }
}
