using Signalbox.Engine.Nodes;
using Signalbox.Gates;

namespace Signalbox.Gateways.Outbound;

/// <summary>
/// Connections that have something to write, one after the other on one thread: a fan-out to a thousand connections
/// wakes a few lanes and not a thousand tasks.
/// </summary>
internal sealed class WriteLane : IThreadPoolWorkItem
{
    // So many connections are written to by the thread that has something for them; more are left to the pool, so that
    // a large fan-out does not hold up whatever else that thread reads.
    private const int FewConnections = 16;

    private readonly Gate _gate = new(GateRank.WriteLane);
    private List<OutboundQueue> _waiting = [];
    private List<OutboundQueue> _taken = [];
    private bool _isRunning;

    public void Add(OutboundQueue queue)
    {
        using (_gate.Enter())
        {
            _waiting.Add(queue);
            if (_isRunning) return;
            _isRunning = true;
        }

        Turn.PutOff(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        using (_gate.Enter())
        {
            if (Turn.IsOpen && _waiting.Count > FewConnections)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }

            (_waiting, _taken) = (_taken, _waiting);
        }

        foreach (var queue in _taken) queue.Drain();
        _taken.Clear();

        using (_gate.Enter())
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
