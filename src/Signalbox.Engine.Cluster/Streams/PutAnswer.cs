namespace Signalbox.Engine.Cluster.Streams;

/// <summary>What an inbox says to a pack.</summary>
[GenerateSerializer]
internal enum PutAnswer : byte
{
    Taken = 0,

    /// <summary>The node is behind: later.</summary>
    Full = 1,

    /// <summary>No node has opened it here, or not yet.</summary>
    Closed = 2,
}
