using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Tests.Nodes;

/// <summary>A subscriber that writes down the offsets it gets, and reads the bytes of one protocol.</summary>
internal sealed class NodeReader(string id, WireFormat? format = null) : Subscriber(id, $"peer of {id}")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<long> _offsets = [];
    private readonly List<EncodedBatch> _encoded = [];
    private readonly List<CutDelivery> _cuts = [];
    private readonly List<DirectDelivery> _direct = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<long> Offsets
    {
        get
        {
            lock (_gate) return [.. _offsets];
        }
    }

    public IReadOnlyList<EncodedBatch> Encoded
    {
        get
        {
            lock (_gate) return [.. _encoded];
        }
    }

    public IReadOnlyList<CutDelivery> Cuts
    {
        get
        {
            lock (_gate) return [.. _cuts];
        }
    }

    public IReadOnlyList<DirectDelivery> Direct
    {
        get
        {
            lock (_gate) return [.. _direct];
        }
    }

    public bool HasFallenBehind { get; private set; }

    /// <summary>What the history gave it.</summary>
    public void Take(IEnumerable<long> offsets)
    {
        lock (_gate)
        {
            _offsets.AddRange(offsets);
            _more.TrySetResult();
        }
    }

    public async Task<IReadOnlyList<long>> WaitForAsync(int count)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_offsets.Count >= count) return [.. _offsets];
                if (_more.Task.IsCompleted) _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _more.Task;
            }

            await more.WaitAsync(Patience);
        }
    }

    protected internal override void Deliver(DeliveryBatch batch, int first)
    {
        lock (_gate)
        {
            if (format is not null) _encoded.Add(batch.As(format));
            foreach (var delivery in batch.Deliveries[first..])
            {
                if (delivery is MessageDelivery message) _offsets.Add(message.Message.Offset);
                if (delivery is DirectDelivery direct) _direct.Add(direct);
            }

            _more.TrySetResult();
        }
    }

    protected internal override void FallBehind() => HasFallenBehind = true;

    protected internal override void Cut(CutDelivery cut)
    {
        lock (_gate) _cuts.Add(cut);
    }
}
