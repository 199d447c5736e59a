namespace Signalbox.Engine.Embedded.Shards;

/// <summary>How many machines of a kind there are, in all shards together, and how many there may be.</summary>
internal sealed class Population(int limit)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <returns>False where there are as many as allowed.</returns>
    public bool TryGrow()
    {
        if (Interlocked.Increment(ref _count) <= limit) return true;

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>For a machine that is there already: a limit that was lowered refuses only new ones.</summary>
    public void Grow() => Interlocked.Increment(ref _count);

    public void Shrink() => Interlocked.Decrement(ref _count);
}
