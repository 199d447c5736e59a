using Microsoft.Extensions.Hosting;
using Signalbox.Engine;
using Signalbox.Engine.Cluster.Forms;
using Signalbox.Engine.Nodes;

namespace Signalbox.Cluster.Client;

/// <summary>Has the service's node join the cluster at the start, and leave it at the end.</summary>
/// <remarks>Where all silos go over to another form in between, it fails as any background service does that cannot go on:
/// the host says so and stops, unless it was told to ignore that.</remarks>
internal sealed class ClientNode(IEngine engine, Node node, ClusterRefusal refusal) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await engine.JoinAsync(node, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await engine.LeaveAsync(node, cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => refusal.Told.WaitAsync(stoppingToken);
}
