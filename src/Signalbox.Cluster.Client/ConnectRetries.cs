namespace Signalbox.Cluster.Client;

/// <summary>Tries to find the cluster for as long as the start may take.</summary>
internal sealed class ConnectRetries(TimeSpan timeout)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly long _start = Environment.TickCount64;

    public async Task<bool> ShouldRetryAsync(Exception error, CancellationToken cancellationToken)
    {
        if (Environment.TickCount64 - _start > timeout.TotalMilliseconds) return false;

        await Task.Delay(Pause, cancellationToken);
        return true;
    }
}
