using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Hosting;

/// <summary>Writes down that the gateways have begun to serve, and how many they sent away when they stopped.</summary>
internal sealed partial class Lifecycle(
    SessionRegistry registry, Node node, IHostApplicationLifetime lifetime, ILogger<Lifecycle> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => LogStarted(node.Id));
        lifetime.ApplicationStopping.Register(() => LogStopping(registry.Count));
        lifetime.ApplicationStopped.Register(LogStopped);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(2501, LogLevel.Information, "Node {Node} serves")]
    private partial void LogStarted(string node);

    [LoggerMessage(2502, LogLevel.Information, "Stopping: {Count} connections are told to come back later")]
    private partial void LogStopping(int count);

    [LoggerMessage(2503, LogLevel.Information, "Stopped")]
    private partial void LogStopped();
}
