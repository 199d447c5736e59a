namespace Signalbox.Engine.Cluster.Listing;

/// <summary>What an index names. Part of the key that its journal is stored under: a name once given stays.</summary>
internal enum NameKind
{
    Keys,
    Queues,

    /// <summary>Channels that have a value.</summary>
    Retained,
}
