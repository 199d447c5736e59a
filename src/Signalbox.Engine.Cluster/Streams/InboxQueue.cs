using Orleans.Streams;
using Signalbox.Engine.Deliveries;
using Signalbox.Gates;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>What waits for one node, in the memory of the silo that hands it on. Bounded.</summary>
internal sealed class InboxQueue(string node, QueueId id)
{
    private const int MaxDeliveries = 100_000;
    private const int MaxTaken = 1024;

    private readonly Gate _gate = new(GateRank.InboxQueue);
    private readonly Queue<DeliveryPack> _packs = [];
    private TaskCompletionSource? _arrived;
    private int _count;
    private bool _isClosed;

    public string Node => node;

    public QueueId Id => id;

    public int Count
    {
        get
        {
            using (_gate.Enter()) return _count;
        }
    }

    /// <returns>False where as much waits as is kept.</returns>
    public bool TryPut(DeliveryPack pack)
    {
        using (_gate.Enter())
        {
            if (_count >= MaxDeliveries) return false;

            _packs.Enqueue(pack);
            _count += pack.Deliveries.Length;
            _arrived?.TrySetResult();
            _arrived = null;
            return true;
        }
    }

    /// <summary>Waits until there is something, or it is closed.</summary>
    public Task WhenAnyAsync()
    {
        using (_gate.Enter())
        {
            if (_count > 0 || _isClosed) return Task.CompletedTask;
            return (_arrived ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>What has gathered, as one pack; null for nothing.</summary>
    public DeliveryPack? TryTake()
    {
        using (_gate.Enter())
        {
            if (!_packs.TryDequeue(out var first)) return null;

            _count -= first.Deliveries.Length;
            if (_packs.Count == 0 || first.Deliveries.Length >= MaxTaken) return first;

            var all = new List<Delivery>(first.Deliveries);
            while (all.Count < MaxTaken && _packs.TryDequeue(out var next))
            {
                _count -= next.Deliveries.Length;
                all.AddRange(next.Deliveries);
            }

            return new DeliveryPack([.. all]);
        }
    }

    public void Close()
    {
        using (_gate.Enter())
        {
            _isClosed = true;
            _arrived?.TrySetResult();
            _arrived = null;
        }
    }
}
