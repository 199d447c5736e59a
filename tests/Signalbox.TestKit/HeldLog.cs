using Signalbox.Engine.Embedded.Log;

namespace Signalbox.TestKit;

/// <summary>A log whose disk is as slow as the test wants: nothing is durable until it says so.</summary>
public sealed class HeldLog : ILog
{
    private readonly Lock _gate = new();
    private readonly List<LogEntry> _entries = [];
    private readonly List<(long Position, IDurableWaiter Waiter)> _waiting = [];
    private readonly List<Action> _listeners = [];
    private readonly List<(long Count, TaskCompletionSource Reached)> _watchers = [];
    private long _durable;
    private bool _isReleased;
    private Exception? _failure;

    /// <summary>The entries in the order of their positions, which begin at 1.</summary>
    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    /// <summary>The facts of the entries.</summary>
    public IReadOnlyList<object> Facts => [.. Entries.Select(entry => entry.Fact)];

    public bool HasRoom { get; set; } = true;

    public bool SaysClosed => false;

    public long Append(in LogEntry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            foreach (var (count, reached) in _watchers)
            {
                if (count <= _entries.Count) reached.TrySetResult();
            }

            return _entries.Count;
        }
    }

    public bool IsDurable(long position)
    {
        lock (_gate) return position <= _durable || _isReleased;
    }

    public bool TryWait(long position, IDurableWaiter waiter)
    {
        lock (_gate)
        {
            if (position <= _durable || _isReleased) return false;
            if (_failure is null)
            {
                _waiting.Add((position, waiter));
                return true;
            }
        }

        waiter.Lost(_failure);
        return true;
    }

    public void OnDurable(Action advanced)
    {
        lock (_gate) _listeners.Add(advanced);
    }

    /// <summary>Completes when this many facts were appended since the log began.</summary>
    public async Task AppendedAsync(long count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_entries.Count >= count) return;
            _watchers.Add((count, reached));
        }

        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Holds nothing back from here on, so that connections can end.</summary>
    public void Release()
    {
        lock (_gate) _isReleased = true;
        Flush();
    }

    /// <summary>Holds back again what is appended from here on.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _durable = _entries.Count;
            _isReleased = false;
        }
    }

    /// <summary>Everything up to now is durable.</summary>
    public void Flush() => FlushTo(Facts.Count);

    /// <summary>Everything up to this position is durable, and nothing after it.</summary>
    public void FlushTo(long position)
    {
        List<IDurableWaiter> done;
        Action[] listeners;
        lock (_gate)
        {
            _durable = position;
            done = [.. _waiting.Where(entry => entry.Position <= position).Select(entry => entry.Waiter)];
            _waiting.RemoveAll(entry => entry.Position <= position);
            listeners = [.. _listeners];
        }

        foreach (var listener in listeners) listener();
        // The test goes on meanwhile, as it would with a log that has a thread.
        foreach (var waiter in done) ThreadPool.UnsafeQueueUserWorkItem(static waiter => waiter.Durable(), waiter, preferLocal: false);
    }

    /// <summary>What is not durable never will be.</summary>
    public void Fail(Exception failure)
    {
        List<IDurableWaiter> failed;
        lock (_gate)
        {
            _failure = failure;
            failed = [.. _waiting.Select(entry => entry.Waiter)];
            _waiting.Clear();
        }

        foreach (var waiter in failed) waiter.Lost(failure);
    }
}
