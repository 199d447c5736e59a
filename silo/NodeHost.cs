using Microsoft.Extensions.Hosting;
using Signalbox.Engine;
using Signalbox.Engine.Nodes;

namespace Signalbox.Silo;

/// <summary>Has the node of this process join when its silo is there, before clients are let in, and leave before the
/// silo goes.</summary>
internal sealed class NodeHost(IEngine engine, Node node) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken) => await engine.JoinAsync(node, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken) => await engine.LeaveAsync(node, cancellationToken);
}
