using System.Runtime.InteropServices;
using Signalbox.Core.Queues;

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

    private readonly Dictionary<long, PopAsked> _underWay = [];

    // As numbers, in a ring: an object for each would live just long enough for the collector to carry it along.
    private readonly List<long> _pops = [];
    private readonly List<(int Try, Receipt? Receipt)> _answered = [];
    private int _oldest;

    /// <param name="before">The call of the same pop before this; null for none.</param>
    /// <returns>False where the pop has asked again since: nobody is there to get the answer.</returns>
    public bool TryBegin(PopAsked asked, out PopAsked? before)
    {
        var pop = asked.Ask.Pop;
        before = _underWay.GetValueOrDefault(pop) ?? Answered(pop);
        if (before is not null && before.Ask.Try >= asked.Ask.Try) return false;

        _underWay[pop] = asked;
        return true;
    }

    /// <summary>The call is answered.</summary>
    public void End(PopAsked asked)
    {
        asked.Waiter = null;
        var pop = asked.Ask.Pop;
        if (_underWay.GetValueOrDefault(pop) != asked) return;

        _underWay.Remove(pop);
        var at = IndexOf(pop);
        if (at < 0 && _pops.Count < MaxAnswered)
        {
            _pops.Add(pop);
            _answered.Add((asked.Ask.Try, asked.Receipt));
            return;
        }

        if (at < 0)
        {
            at = _oldest;
            _oldest = (_oldest + 1) % MaxAnswered;
        }

        _pops[at] = pop;
        _answered[at] = (asked.Ask.Try, asked.Receipt);
    }

    private PopAsked? Answered(long pop)
    {
        var at = IndexOf(pop);
        return at < 0 ? null : new PopAsked(new PopAsk(pop, _answered[at].Try)) { Receipt = _answered[at].Receipt };
    }

    private int IndexOf(long pop) => CollectionsMarshal.AsSpan(_pops).IndexOf(pop);
}
