namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>Whom a node tells who listens there and who is there: by kind and name.</summary>
[GenerateSerializer]
[Immutable]
[Alias("signalbox.told")]
internal readonly record struct Told([property: Id(0)] ToldKind Kind, [property: Id(1)] string Name);
