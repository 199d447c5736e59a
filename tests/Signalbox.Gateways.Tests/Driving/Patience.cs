namespace Signalbox.Gateways.Tests.Driving;

/// <summary>
/// How long a driver waits for something before it says that it waits in vain: far longer than anything takes.
/// </summary>
/// <remarks>Counted in seconds in which this process ran: one that was stopped, or hardly got a processor, has not waited
/// in vain, and what it waits for may be there the moment it goes on.</remarks>
internal sealed class Patience : IDisposable
{
    public const int Seconds = 30;

    private readonly CancellationTokenSource _over = new();
    private readonly Timer _timer;
    private int _left = Seconds;

    public Patience() => _timer = new Timer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public CancellationToken Token => _over.Token;

    public void Dispose()
    {
        _timer.Dispose();
        _over.Dispose();
    }

    private void Tick()
    {
        if (Interlocked.Decrement(ref _left) != 0) return;

        try
        {
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It came, just now.
        }
    }
}
