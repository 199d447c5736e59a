namespace Signalbox.Engine.Cluster.Journals;

/// <summary>Where Orleans' grain storage keeps the journals.</summary>
public static class JournalStorage
{
    /// <summary>The name of the storage provider that the silo must have.</summary>
    public const string Name = "signalbox";
}
