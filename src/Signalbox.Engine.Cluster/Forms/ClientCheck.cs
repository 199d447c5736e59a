using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Forms;

/// <summary>Keeps a service from a cluster whose silos speak another form, when it joins and when the cluster was away.
/// </summary>
/// <remarks>The list of silos is asked for in Orleans' own words, which are not of our form.</remarks>
internal sealed class ClientCheck(
    ClusterSettings settings,
    IGrainFactory grains,
    GrainCalls calls,
    TimeProvider time,
    IOptions<ClusterMembershipOptions> membership)
{
    /// <exception cref="ClusterRefusedException">The silos speak another form.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var management = grains.GetGrain<IManagementGrain>(0);
        var all = await calls.AskAsync(async () => await management.GetDetailedHosts(onlyActive: true), cancellationToken);
        if (Strangers.Find(all, settings.Form, time.GetUtcNow(), membership.Value) is not { } others) return;

        throw new ClusterRefusedException(
            $"The silos at {others.Addresses} are of form {others.Form}, and the Signalbox in this service, "
            + $"{Release.Version}, is of form {settings.Form}. Build the service with the version that the silos are of.");
    }
}
