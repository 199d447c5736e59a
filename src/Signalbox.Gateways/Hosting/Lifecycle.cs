using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Hosting;

/// <summary>Writes down that the gateways have begun to serve, and how many they sent away when they stopped.</summary>
internal sealed partial class Lifecycle : IHostedService
{
    private readonly SessionRegistry _registry;
    private readonly Node _node;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<Lifecycle> _logger;

    /// <param name="metrics">Counts from the start on, and not from when somebody first asks.</param>
    public Lifecycle(
        SessionRegistry registry, Node node, MetricsText metrics, IHostApplicationLifetime lifetime, ILogger<Lifecycle> logger)
    {
        _ = metrics;
        _registry = registry;
        _node = node;
        _lifetime = lifetime;
        _logger = logger;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _lifetime.ApplicationStarted.Register(() => LogStarted(_node.Id));
        _lifetime.ApplicationStopping.Register(() => LogStopping(_registry.Count));
        _lifetime.ApplicationStopped.Register(LogStopped);
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
