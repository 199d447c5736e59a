using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;
using Signalbox.Gates;

namespace Signalbox.Engine.Embedded.Shards;

/// <summary>Holds deliveries back until what they reveal is durable, in order.</summary>
/// <remarks>
/// What waits for nothing passes at once. A machine's positions only rise, so no delivery overtakes an earlier one of
/// the same machine.
/// </remarks>
internal sealed class DeliveryGate(ILog log, Func<INode?> node)
{
    private readonly Gate _gate = new(GateRank.HeldDeliveries);
    private readonly Queue<(long Position, Delivery Delivery)> _held = new();

    public void Pass(Delivery delivery, long position)
    {
        if (position == 0)
        {
            node()?.Post(delivery);
            return;
        }

        using (_gate.Enter())
        {
            if (_held.Count == 0 && log.IsDurable(position)) node()?.Post(delivery);
            else _held.Enqueue((position, delivery));
        }
    }

    public void Release()
    {
        using (_gate.Enter())
        {
            while (_held.TryPeek(out var next) && log.IsDurable(next.Position))
            {
                node()?.Post(next.Delivery);
                _held.Dequeue();
            }
        }
    }
}
