using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Signalbox.Transport;

/// <summary>Accepts connections at one address.</summary>
internal sealed class PollListener(PollTransport transport, Socket socket, MemoryPool<byte> memory, TimeProvider clock)
    : IConnectionListener
{
    // Until somebody has closed a file, there is none for another connection.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!; // It is bound.

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync(cancellationToken);
                if (TryStart(accepted) is { } connection) return connection;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
            catch (SocketException)
            {
                // That one was gone before it was accepted.
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private SocketConnection? TryStart(Socket accepted)
    {
        try
        {
            var connection = new SocketConnection(accepted, transport.NextLoop(), memory);
            connection.Start();
            return connection;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already: it has no address any more.
            accepted.Dispose();
            return null;
        }
    }
}
