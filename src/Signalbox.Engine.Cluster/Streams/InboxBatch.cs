using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>A pack on its way through Orleans' streams.</summary>
[GenerateSerializer]
[Immutable]
[Alias("signalbox.inbox-batch")]
internal sealed class InboxBatch(StreamId stream, long number, DeliveryPack pack) : IBatchContainer
{
    [Id(0)]
    public StreamId StreamId { get; } = stream;

    [Id(1)]
    public long Number { get; } = number;

    [Id(2)]
    public DeliveryPack Pack { get; } = pack;

    public StreamSequenceToken SequenceToken => new EventSequenceTokenV2(Number);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() =>
        Pack is T pack ? [Tuple.Create(pack, SequenceToken)] : [];

    public bool ImportRequestContext() => false;
}
