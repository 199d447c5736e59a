using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Log.Writing;

/// <summary>What becomes durable together, and everybody who waits for it.</summary>
/// <remarks>They go on in one turn, so that the replies to one connection leave in one write.</remarks>
internal sealed class Flush(Action[] listeners)
{
    // By loop, of which there are a few.
    private readonly List<Waiting> _waiting = [];

    /// <summary>Who hears of it before those who wait.</summary>
    public Action[] Listeners { get; set; } = listeners;

    /// <summary>Called on the thread that waits, under the log's gate, before it is completed.</summary>
    public void Add(IDurableWaiter waiter)
    {
        var loop = Turn.Home;
        foreach (var waiting in _waiting)
        {
            if (!ReferenceEquals(waiting.Loop, loop)) continue;

            waiting.Add(waiter);
            return;
        }

        var first = new Waiting(loop);
        first.Add(waiter);
        _waiting.Add(first);
    }

    /// <summary>Lets deliveries and replies out.</summary>
    public void Complete()
    {
        Turn.Begin();
        try
        {
            foreach (var listener in Listeners) listener();
            foreach (var waiting in _waiting) waiting.Complete();
        }
        finally
        {
            Turn.End();
        }
    }

    public void Fail(Exception failure)
    {
        foreach (var waiting in _waiting) waiting.Fail(failure);
    }
}
