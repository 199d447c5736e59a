namespace Signalbox.Engine.Cluster.Journals;

/// <summary>Where a journal begins in storage.</summary>
[GenerateSerializer]
[Alias("signalbox.head")]
internal sealed class JournalHead
{
    /// <summary>The number of the oldest page that counts.</summary>
    [Id(0)]
    public long First { get; set; }
}
