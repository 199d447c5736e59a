namespace Signalbox.Engine.Cluster.Forms;

/// <summary>The end of a service's part in its cluster, because all silos have gone over to another form meanwhile.</summary>
public sealed class ClusterRefusal
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Fails with a <see cref="ClusterRefusedException"/>; else it is never done.</summary>
    public Task Told => _told.Task;

    internal void Tell(ClusterRefusedException reason) => _told.TrySetException(reason);
}
