namespace Signalbox.Engine.Cluster.Journals;

/// <summary>A piece of a journal, as it lies in storage: facts in their binary form, one behind the other.</summary>
[GenerateSerializer]
[Alias("signalbox.page")]
internal sealed class Page
{
    [Id(0)]
    public PageKind Kind { get; set; }

    [Id(1)]
    public ReadOnlyMemory<byte> Facts { get; set; }
}
