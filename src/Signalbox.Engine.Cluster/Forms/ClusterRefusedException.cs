namespace Signalbox.Engine.Cluster.Forms;

/// <summary>This process and its cluster, or what the cluster has stored, do not fit: the message says why, and what to
/// do.</summary>
public sealed class ClusterRefusedException(string message) : Exception(message)
{
    /// <summary>Whether it is a silo that the others know of by now: it has to be stopped as one that works.</summary>
    public bool HasJoined { get; init; }
}
