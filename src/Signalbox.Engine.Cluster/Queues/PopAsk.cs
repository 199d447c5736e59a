namespace Signalbox.Engine.Cluster.Queues;

/// <summary>Which pop asks, and which of its calls this is.</summary>
/// <param name="Pop">By chance, so that no two are alike.</param>
/// <param name="Try">Greater each time. Whoever asks again has not got the answer to what it asked before.</param>
[GenerateSerializer]
[Immutable]
internal readonly record struct PopAsk([property: Id(0)] long Pop, [property: Id(1)] int Try);
