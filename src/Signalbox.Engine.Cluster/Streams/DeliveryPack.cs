using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Cluster.Streams;

/// <summary>Deliveries that go to one node together, in their order.</summary>
[GenerateSerializer]
[Immutable]
[Alias("signalbox.pack")]
internal sealed record DeliveryPack([property: Id(0)] Delivery[] Deliveries);
