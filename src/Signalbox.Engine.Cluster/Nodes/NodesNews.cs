namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>Which nodes there are, what they listen to by filter, and on which silos grains can be.</summary>
/// <param name="Teller">The activation that tells: each counts its versions from one.</param>
/// <param name="Version">News of a lower version are old.</param>
/// <param name="IsComplete">Whether who is not named is gone. It is not said soon after a start, when nodes have yet to
/// announce themselves.</param>
[GenerateSerializer]
[Immutable]
[Alias("signalbox.nodes-news")]
internal sealed record NodesNews(
    [property: Id(0)] Guid Teller,
    [property: Id(1)] long Version,
    [property: Id(2)] bool IsComplete,
    [property: Id(3)] NodeEntry[] Nodes,
    [property: Id(4)] NodeFilter[] Filters,
    [property: Id(5)] SiloAddress[] Silos)
{
    public static readonly NodesNews None = new(Guid.Empty, 0, false, [], [], []);
}
