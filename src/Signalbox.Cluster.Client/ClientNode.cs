using Microsoft.Extensions.Hosting;
using Signalbox.Engine;
using Signalbox.Engine.Nodes;

namespace Signalbox.Cluster.Client;

/// <summary>Has the service's node join the cluster at the start, and leave it at the end.</summary>
internal sealed class ClientNode(IEngine engine, Node node) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken) => await engine.JoinAsync(node, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken) => await engine.LeaveAsync(node, cancellationToken);
}
