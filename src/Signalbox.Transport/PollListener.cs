using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Signalbox.Transport;

/// <summary>Accepts connections at one address, until it is told to stop: whatever goes wrong, it tries again.</summary>
/// <remarks>What fails once is tried again at once, as the one that failed may have been gone before it was let in. What
/// fails again and again is tried less and less often: most of what can fail here heals when somebody has left.</remarks>
internal sealed class PollListener(
    PollTransport transport, Socket socket, PollOptions options, TransportNews news, MemoryPool<byte> memory)
    : IConnectionListener
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _unbound = new();
    private TimeSpan _pause;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!; // It is bound.

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var accepted = await options.Kernel.AcceptAsync(socket, cancellationToken);
                _pause = default;
                if (TryStart(accepted) is { } connection) return connection;
            }
            // Whatever it is: who asks here would never ask again.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (_unbound.IsCancellationRequested || !await TryPauseAsync(e, cancellationToken)) return null;
            }
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        socket.Dispose();
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private static TimeSpan After(TimeSpan pause)
    {
        if (pause == default) return TimeSpan.FromMilliseconds(10);

        return pause * 2 < LongestPause ? pause * 2 : LongestPause;
    }

    /// <returns>False where it is unbound meanwhile.</returns>
    private async ValueTask<bool> TryPauseAsync(Exception failure, CancellationToken cancellationToken)
    {
        news.NotAccepted(EndPoint, failure.Message);
        var pause = _pause;
        _pause = After(pause);
        if (pause == default) return true;

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_unbound.Token, cancellationToken);
        try
        {
            await Task.Delay(pause, options.Clock, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private SocketConnection? TryStart(Socket accepted)
    {
        var place = options.Quota.Take();
        SocketConnection? started = null;
        try
        {
            if (place is not ConnectionPlace.None) started = TryStart(accepted, place);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already: it has no address any more.
        }
        finally
        {
            if (started is null)
            {
                accepted.Dispose();
                options.Quota.GiveBack(place);
            }
        }

        return started;
    }

    private SocketConnection? TryStart(Socket accepted, ConnectionPlace place)
    {
        var connection = new SocketConnection(accepted, transport.NextLoop(), memory, options.Quota, place);
        if (connection.TryStart(out var error)) return connection;

        news.NotWatched(EndPoint, error);
        return null;
    }
}
