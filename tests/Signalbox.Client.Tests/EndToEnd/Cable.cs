using System.Net;
using System.Net.Sockets;

namespace Signalbox.Client.Tests.EndToEnd;

/// <summary>A way to a server that can be cut, at whatever byte it just carries.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly List<Socket> _ends = [];
    private readonly List<Task> _carrying = [];
    private readonly int _port;
    private readonly Task _accepting;

    public Cable(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!; // It listens.

    /// <summary>Cuts what is there; who comes next is connected again.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var end in _ends) end.Dispose();
            _ends.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Cut();
        await Task.WhenAll(_carrying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var near = await _listener.AcceptSocketAsync();
            near.NoDelay = true;
            var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await far.ConnectAsync(IPAddress.Loopback, _port);
            lock (_gate)
            {
                _ends.Add(near);
                _ends.Add(far);
                _carrying.Add(CarryAsync(near, far));
                _carrying.Add(CarryAsync(far, near));
            }
        }
    }

    private static async Task CarryAsync(Socket from, Socket to)
    {
        await Task.Yield();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0) await to.SendAsync(buffer.AsMemory(0, read));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }

        from.Dispose();
        to.Dispose();
    }
}
