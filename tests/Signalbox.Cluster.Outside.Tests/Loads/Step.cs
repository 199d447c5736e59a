namespace Signalbox.Cluster.Outside.Tests.Loads;

/// <summary>What a writer does again and again; it is told how often it did.</summary>
internal sealed record Step(string Name, Func<long, Task> Do);
