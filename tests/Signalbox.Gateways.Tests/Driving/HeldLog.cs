using Signalbox.Engine.Embedded.Log;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>A log whose disk takes as long as the test wants.</summary>
internal sealed class HeldLog : ILog
{
    private readonly Lock _gate = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> _watchers = [];
    private readonly List<(long Position, TaskCompletionSource Durable)> _waiting = [];
    private readonly List<Action> _advanced = [];
    private long _appended;
    private long _durable;
    private bool _isReleased;

    public long Append(MachineKind kind, string name, object fact)
    {
        lock (_gate)
        {
            _appended++;
            foreach (var (count, reached) in _watchers)
            {
                if (count <= _appended) reached.TrySetResult();
            }

            return _appended;
        }
    }

    public bool IsDurable(long position)
    {
        lock (_gate) return position <= _durable || _isReleased;
    }

    public ValueTask WhenDurableAsync(long position)
    {
        lock (_gate)
        {
            if (position <= _durable || _isReleased) return ValueTask.CompletedTask;

            var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((position, durable));
            return new ValueTask(durable.Task);
        }
    }

    public void OnDurable(Action advanced)
    {
        lock (_gate) _advanced.Add(advanced);
    }

    /// <summary>Completes when this many facts were appended since the log began.</summary>
    public async Task AppendedAsync(long count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_appended >= count) return;
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

    /// <summary>Everything that was appended becomes durable.</summary>
    public void Flush()
    {
        TaskCompletionSource[] done;
        lock (_gate)
        {
            _durable = _appended;
            done = [.. _waiting.Select(one => one.Durable)];
            _waiting.Clear();
        }

        foreach (var one in done) one.SetResult();
        foreach (var advanced in _advanced) advanced();
    }
}
