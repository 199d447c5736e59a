using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hosting;

namespace Signalbox.Hosting;

/// <summary>
/// The engine's life within that of its host: there before anything else of the host starts, and closed when all of it
/// has stopped.
/// </summary>
/// <remarks>The log is read when this is made, which the host does first of all.</remarks>
internal sealed class SignalboxHost(DataHost data, Node node, GatewayOptions options, IServiceProvider services)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken) =>
        await data.Engine.JoinAsync(node, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="InvalidOperationException">The app serves other machines, and nothing protects it.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Only now it is known where the app listens. What has come in meanwhile ends with it.
        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return options.Warn(addresses) is { } warning ? throw new InvalidOperationException(warning) : Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        data.Dispose();
        return Task.CompletedTask;
    }
}
