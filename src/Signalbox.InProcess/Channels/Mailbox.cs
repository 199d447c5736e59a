using System.Runtime.ExceptionServices;
using Signalbox.Core.Channels;
using Signalbox.Gates;

namespace Signalbox.InProcess;

/// <summary>What waits for the reader of a subscription, bounded, and what is given up when it is full.</summary>
/// <remarks>What was missed before the subscription stands first and is not counted: it is bounded where it comes from.
/// News of what was left out stand before what is left.</remarks>
internal sealed class Mailbox(int capacity)
{
    private readonly Gate _gate = new(GateRank.Mailbox);
    private readonly Queue<object> _missed = new();
    private readonly List<Gap> _gaps = [];
    private readonly LinkedList<object> _live = new();
    private TaskCompletionSource? _changed;
    private Exception? _failure;
    private bool _isCompleted;

    public void AddMissed(IEnumerable<object> items)
    {
        using (_gate.Enter())
        {
            foreach (var item in items) _missed.Enqueue(item);
        }
    }

    /// <returns>False where it is full, and nothing may be left out. After the end everything is taken, and dropped.</returns>
    public bool TryAdd(object item, SlowReaderPolicy policy)
    {
        using (_gate.Enter())
        {
            if (_isCompleted) return true;
            if (_live.Count >= capacity) MakeRoom(item, policy);
            if (_live.Count >= capacity) return false;

            _live.AddLast(item);
            Changed();
            return true;
        }
    }

    /// <returns>The next message, gap or presence change; null at the end.</returns>
    public async ValueTask<object?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            using (_gate.Enter())
            {
                if (TryTake() is { } item) return item;
                if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
                if (_isCompleted) return null;
                changed = (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Nothing more comes. What is there can still be taken, save after a disposal.</summary>
    public void Complete(Exception? failure, bool clear)
    {
        using (_gate.Enter())
        {
            if (clear)
            {
                _missed.Clear();
                _gaps.Clear();
                _live.Clear();
            }

            if (_isCompleted) return;

            _isCompleted = true;
            _failure = failure;
            Changed();
        }
    }

    private object? TryTake()
    {
        if (_missed.TryDequeue(out var missed)) return missed;

        if (_gaps.Count > 0)
        {
            var gap = _gaps[0];
            _gaps.RemoveAt(0);
            return gap;
        }

        var first = _live.First;
        if (first is null) return null;

        _live.RemoveFirst();
        return first.Value;
    }

    private void MakeRoom(object item, SlowReaderPolicy policy)
    {
        switch (policy)
        {
            case SlowReaderPolicy.DropOldest:
                // A good piece at once, so that the news of it stay few.
                for (var i = 0; i <= capacity / 4 && _live.First is { } oldest; i++) Drop(oldest);
                break;

            case SlowReaderPolicy.Latest when item is Message { Channel: var channel }:
                for (var node = _live.First; node is not null;)
                {
                    var next = node.Next;
                    if (node.Value is Message waiting && waiting.Channel == channel) Drop(node);
                    node = next;
                }

                break;
        }
    }

    private void Drop(LinkedListNode<object> node)
    {
        _live.Remove(node);
        // Broadcasts and joins have no number: there is nothing to name.
        if (node.Value is not Message { Position: { } position } message) return;

        var known = _gaps.FindIndex(gap => gap.Channel == message.Channel && gap.Now.Epoch == position.Epoch);
        if (known >= 0) _gaps[known] = _gaps[known] with { Now = position };
        else _gaps.Add(new Gap(message.Channel, GapReason.LeftOut, position with { Offset = position.Offset - 1 }, position));
    }

    private void Changed()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
