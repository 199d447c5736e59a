namespace Signalbox.Engine.Cluster.Forms;

/// <summary>What has to be known of the storage before anything in it is read.</summary>
[GenerateSerializer]
[Alias("signalbox.layout")]
internal sealed class StoredLayout
{
    /// <summary>Into how many parts the names of a kind are.</summary>
    [Id(0)]
    public int Parts { get; set; }

    /// <summary>The form of all that is stored. Before the forms were counted it was the first.</summary>
    [Id(1)]
    public int Form { get; set; } = ClusterForm.First;
}
