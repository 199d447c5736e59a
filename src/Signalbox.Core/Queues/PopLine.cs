using System.Diagnostics.CodeAnalysis;

namespace Signalbox.Core.Queues;

/// <summary>The poppers that wait at a queue for work, served in order of arrival.</summary>
/// <remarks>
/// A waiter is a connection's and gone with it, so this is never logged and has no facts. Every way out (served,
/// timed out, left) takes the waiter out at once: whoever has gone cannot swallow an item.
/// </remarks>
public sealed class PopLine<TWaiter>(int maxWaiters)
{
    private readonly Dictionary<long, LinkedListNode<Waiter>> _byNumber = [];
    private readonly LinkedList<Waiter> _live = [];
    private readonly LinkedList<Waiter> _dead = [];
    private HintHeap? _timeouts;
    private long _lastNumber;

    public int Count => _byNumber.Count;

    /// <summary>The moment at which <see cref="TakeTimedOut"/> next has somebody; null for never.</summary>
    public DateTimeOffset? NextTimeout => Timeouts.TryPeek(out var first) ? StoredItem.TimeOf(first.Rank) : null;

    // Made late, since an initializer cannot speak of the dictionary beside it.
    private HintHeap Timeouts => _timeouts ??= new(hint => _byNumber.ContainsKey(hint.Id));

    /// <param name="until">Null to wait for ever.</param>
    /// <returns>False when as many wait already as may.</returns>
    public bool TryEnter(TWaiter waiter, QueuePart part, DateTimeOffset? until, out WaiterTicket ticket)
    {
        ticket = default;
        if (_byNumber.Count >= maxWaiters) return false;

        ticket = new WaiterTicket(++_lastNumber);
        _byNumber.Add(ticket.Number, LineOf(part).AddLast(new Waiter(ticket.Number, waiter)));
        if (until is { } time) Timeouts.Push(new Hint(time.UtcTicks, ticket.Number));
        return true;
    }

    /// <returns>False when the waiter was served, timed out or left before.</returns>
    public bool Leave(WaiterTicket ticket)
    {
        if (!_byNumber.TryGetValue(ticket.Number, out var node)) return false;

        TakeOut(node);
        return true;
    }

    /// <summary>Takes out whoever has waited longest for this part.</summary>
    public bool TryNext(QueuePart part, [MaybeNullWhen(false)] out TWaiter waiter) =>
        TryTakeOut(LineOf(part).First, out waiter);

    /// <summary>Takes out one whose time is over, the earliest first.</summary>
    public bool TakeTimedOut(DateTimeOffset now, [MaybeNullWhen(false)] out TWaiter waiter)
    {
        var isDue = Timeouts.TryPeek(out var first) && first.Rank <= now.UtcTicks;
        return TryTakeOut(isDue ? _byNumber[first.Id] : null, out waiter);
    }

    private LinkedList<Waiter> LineOf(QueuePart part) => part is QueuePart.Live ? _live : _dead;

    private bool TryTakeOut(LinkedListNode<Waiter>? node, [MaybeNullWhen(false)] out TWaiter waiter)
    {
        waiter = default;
        if (node is null) return false;

        waiter = node.Value.Who;
        TakeOut(node);
        return true;
    }

    private void TakeOut(LinkedListNode<Waiter> node)
    {
        _byNumber.Remove(node.Value.Number);
        node.List!.Remove(node);
        Timeouts.Doubt(node.Value.Number, _byNumber.Count);
    }

    private readonly record struct Waiter(long Number, TWaiter Who);
}
