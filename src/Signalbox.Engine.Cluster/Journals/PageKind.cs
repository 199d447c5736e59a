namespace Signalbox.Engine.Cluster.Journals;

/// <summary>What the facts on a page are. Part of what is stored: a number once given stays.</summary>
internal enum PageKind : byte
{
    /// <summary>What happened after everything on the pages before.</summary>
    News = 0,

    /// <summary>A part of a snapshot, which counts only together with its last part.</summary>
    SnapshotPart = 1,

    /// <summary>
    /// The last part of a snapshot: with it all pages before the snapshot count no more. Behind it, on the same page, there
    /// may be news.
    /// </summary>
    SnapshotEnd = 2,
}
