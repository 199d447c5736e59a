using Signalbox.Engine.Nodes;

namespace Signalbox.Gateways.Outbound;

/// <summary>One piece that waits to be written: shared bytes of deliveries, bytes of our own, or news of a gap.</summary>
internal readonly struct OutboundEntry
{
    private OutboundEntry(
        DeliveryBatch? batch, EncodedBatch? encoded, int first, ReadOnlyMemory<byte> bytes, IHandOver? handOver, Gap? gap)
    {
        Batch = batch;
        Encoded = encoded;
        First = first;
        Bytes = bytes;
        HandOver = handOver;
        Gap = gap;
    }

    /// <summary>The deliveries, where it is such: only they may be dropped.</summary>
    public DeliveryBatch? Batch { get; }

    public EncodedBatch? Encoded { get; }

    /// <summary>The index of the first delivery of the batch that is meant.</summary>
    public int First { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public IHandOver? HandOver { get; }

    public Gap? Gap { get; }

    public static OutboundEntry OfBatch(DeliveryBatch batch, EncodedBatch encoded, int first) =>
        new(batch, encoded, first, encoded.Slice(first, encoded.Count), null, null);

    public static OutboundEntry OfReply(ReadOnlyMemory<byte> bytes, IHandOver? handOver) =>
        new(null, null, 0, bytes, handOver, null);

    public static OutboundEntry OfGap(Gap gap, ReadOnlyMemory<byte> bytes) => new(null, null, 0, bytes, null, gap);
}
