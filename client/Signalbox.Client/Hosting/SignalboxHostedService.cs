using Microsoft.Extensions.Hosting;

namespace Signalbox.Client;

/// <summary>Has the client connect when the host starts. A host whose Signalbox is down starts all the same.</summary>
internal sealed class SignalboxHostedService(SignalboxClient client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        client.Start();
        return Task.CompletedTask;
    }

    // The container disposes of the client, after everything that uses it.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
