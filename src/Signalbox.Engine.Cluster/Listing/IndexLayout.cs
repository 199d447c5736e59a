namespace Signalbox.Engine.Cluster.Listing;

/// <summary>How the names in storage are divided.</summary>
[GenerateSerializer]
[Alias("signalbox.layout")]
internal sealed class IndexLayout
{
    /// <summary>Into how many parts the names of a kind are.</summary>
    [Id(0)]
    public int Parts { get; set; }
}
