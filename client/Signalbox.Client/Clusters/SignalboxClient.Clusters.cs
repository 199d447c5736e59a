namespace Signalbox.Client;

// What the server is a part of.
public sealed partial class SignalboxClient
{
    /// <summary>What there is of the cluster.</summary>
    /// <returns>Null where the server is alone.</returns>
    public Task<ClusterInfo?> ClusterAsync(CancellationToken cancellationToken = default) =>
        SendAsync<ClusterRequest, ClusterInfo?>(default, cancellationToken);
}
