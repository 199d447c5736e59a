using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Signalbox.Client;

/// <summary>Healthy while the server answers.</summary>
public sealed class SignalboxHealthCheck(SignalboxClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (client.State != ConnectionState.Connected)
        {
            client.Start();
            return new HealthCheckResult(context.Registration.FailureStatus, $"Not connected to Signalbox: {client.State}.");
        }

        try
        {
            await client.PingAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy($"Connected to {client.Server?.Endpoint}.");
        }
        catch (Exception e) when (e is IOException or TimeoutException or SignalboxException or ObjectDisposedException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "Signalbox does not answer.", e);
        }
    }
}
