using System.Runtime.ExceptionServices;

namespace Signalbox.Client;

/// <summary>What a subscription has been given and its consumer has not taken: messages up to a bound, and news of
/// gaps.</summary>
/// <remarks>One giver, any number of takers.</remarks>
internal sealed class MessageBuffer(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<object> _items = new();
    private TaskCompletionSource? _changed;
    private Gap? _gap;
    private Exception? _failure;
    private bool _isCompleted;

    /// <returns>False where it is full. After the end everything is taken, and dropped.</returns>
    public bool TryAdd(object item)
    {
        lock (_gate)
        {
            if (_isCompleted) return true;
            if (_items.Count >= capacity) return false;

            if (_gap is not null) _items.Enqueue(_gap);
            _gap = null;
            _items.Enqueue(item);
            Changed();
            return true;
        }
    }

    /// <summary>Adds a gap even when it is full: with the gap before it, where nothing came between, it becomes
    /// one.</summary>
    public void Add(Gap gap)
    {
        lock (_gate)
        {
            if (_isCompleted) return;

            if (_gap?.Channel == gap.Channel)
            {
                _gap = gap with { After = _gap.After };
            }
            else
            {
                if (_gap is not null) _items.Enqueue(_gap);
                _gap = gap;
            }

            Changed();
        }
    }

    public bool TryTake(out object item)
    {
        lock (_gate)
        {
            if (!_items.TryDequeue(out item!)) // Null only with false.
            {
                if (_gap is null) return false;
                item = _gap;
                _gap = null;
            }

            Changed();
            return true;
        }
    }

    /// <returns>False where there is nothing and will be nothing.</returns>
    public async ValueTask<bool> WaitForItemAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_items.Count > 0 || _gap is not null) return true;
                if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
                if (_isCompleted) return false;
                changed = WhenChanged();
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Done when it is not full any more; perhaps sooner.</summary>
    public Task WhenRoom()
    {
        lock (_gate) return _isCompleted || _items.Count < capacity ? Task.CompletedTask : WhenChanged();
    }

    /// <summary>Nothing more comes. What is there can still be taken, save after a disposal.</summary>
    public void Complete(Exception? failure, bool clear)
    {
        lock (_gate)
        {
            if (clear)
            {
                _items.Clear();
                _gap = null;
            }

            if (_isCompleted) return;

            _isCompleted = true;
            _failure = failure;
            Changed();
        }
    }

    private Task WhenChanged() =>
        (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Changed()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
