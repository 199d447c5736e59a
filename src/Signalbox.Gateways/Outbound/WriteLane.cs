namespace Signalbox.Gateways.Outbound;

/// <summary>
/// Connections that have something to write, one after the other on one thread: a fan-out to a thousand connections
/// wakes a few lanes and not a thousand tasks.
/// </summary>
internal sealed class WriteLane : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private List<OutboundQueue> _waiting = [];
    private List<OutboundQueue> _taken = [];
    private bool _isRunning;

    public void Add(OutboundQueue queue)
    {
        lock (_gate)
        {
            _waiting.Add(queue);
            if (_isRunning) return;
            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate) (_waiting, _taken) = (_taken, _waiting);

        foreach (var queue in _taken) queue.Drain();
        _taken.Clear();

        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isRunning = false;
                return;
            }
        }

        // Others want the thread too: the next round takes its turn behind them.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
