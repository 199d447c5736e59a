namespace Signalbox.Engine.Cluster.Streams;

/// <summary>How many deliveries wait in an inbox.</summary>
[GenerateSerializer]
[Immutable]
[Alias("signalbox.inbox-count")]
internal sealed record InboxCount([property: Id(0)] int Count);
