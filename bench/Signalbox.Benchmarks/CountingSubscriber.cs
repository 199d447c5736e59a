using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;

namespace Signalbox.Benchmarks;

/// <summary>A subscriber that has its protocol's bytes made and counts the deliveries.</summary>
internal sealed class CountingSubscriber(WireFormat format, string id) : Subscriber(id, "127.0.0.1:1")
{
    public long Count { get; private set; }

    protected override void Deliver(DeliveryBatch batch, int first) => Count += batch.As(format).Count - first;

    protected override void FallBehind()
    {
        // It never is behind: it only counts.
    }

    protected override void Cut(CutDelivery cut)
    {
        // It is nobody's.
    }
}
