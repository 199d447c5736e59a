using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>What becomes durable together, and everybody who waits for it.</summary>
/// <remarks>
/// They go on on the thread that completes it, in one turn, so that the replies to one connection leave in one write.
/// </remarks>
internal sealed class Flush(Action[] listeners)
{
    private readonly List<IDurableWaiter> _waiting = [];

    /// <summary>Who hears of it before those who wait.</summary>
    public Action[] Listeners { get; set; } = listeners;

    /// <summary>Called under the log's gate, before it is completed.</summary>
    public void Add(IDurableWaiter waiter) => _waiting.Add(waiter);

    /// <summary>Lets deliveries and replies out.</summary>
    public void Complete()
    {
        Turn.Begin();
        try
        {
            foreach (var listener in Listeners) listener();
            foreach (var waiter in _waiting) waiter.Durable();
        }
        finally
        {
            Turn.End();
        }
    }

    public void Fail(Exception failure)
    {
        foreach (var waiter in _waiting) waiter.Lost(failure);
    }
}
