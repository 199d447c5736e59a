using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Embedded.Shards;

/// <summary>Holds deliveries back until what they reveal is durable, in order.</summary>
internal sealed class DeliveryGate(ILog log, Func<INode?> node)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Position, Delivery Delivery)> _held = new();

    public void Pass(Delivery delivery, long position)
    {
        lock (_gate)
        {
            if (_held.Count == 0 && log.IsDurable(position)) node()?.Post(delivery);
            else _held.Enqueue((position, delivery));
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            while (_held.TryPeek(out var next) && log.IsDurable(next.Position))
            {
                node()?.Post(next.Delivery);
                _held.Dequeue();
            }
        }
    }
}
