using Signalbox.Core.Refusals;

namespace Signalbox.Engine.Cluster.Users;

/// <param name="Home">The silo that the grain is on: with it the connection is forgotten.</param>
[GenerateSerializer]
[Immutable]
[Alias("signalbox.open-answer")]
internal readonly record struct OpenAnswer([property: Id(0)] Refusal Refusal, [property: Id(1)] SiloAddress Home);
