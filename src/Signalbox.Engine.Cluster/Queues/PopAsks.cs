namespace Signalbox.Engine.Cluster.Queues;

/// <summary>Whoever asks a queue for an item, so that of several calls of one pop only the last takes something.</summary>
/// <remarks>
/// A silo that ends hands on what it cannot answer any more, and whoever asked believes that lost when the silo is gone:
/// the call comes to the queue's next activation all the same, before or after the one that is asked in its place.
/// </remarks>
internal sealed class PopAsks
{
    /// <summary>How many of those that were answered are known for some time: a call may be late.</summary>
    private const int MaxAnswered = 256;

    private readonly Dictionary<long, PopAsked> _last = [];
    private readonly Queue<PopAsked> _answered = [];

    /// <param name="before">The call of the same pop before this; null for none.</param>
    /// <returns>False where the pop has asked again since: nobody is there to get the answer.</returns>
    public bool TryBegin(PopAsked asked, out PopAsked? before)
    {
        before = _last.GetValueOrDefault(asked.Ask.Pop);
        if (before is not null && before.Ask.Try >= asked.Ask.Try) return false;

        _last[asked.Ask.Pop] = asked;
        return true;
    }

    /// <summary>The call is answered.</summary>
    public void End(PopAsked asked)
    {
        asked.Waiter = null;
        _answered.Enqueue(asked);
        if (_answered.Count <= MaxAnswered) return;

        var old = _answered.Dequeue();
        if (_last.GetValueOrDefault(old.Ask.Pop) == old) _last.Remove(old.Ask.Pop);
    }
}
