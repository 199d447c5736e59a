using System.Net;
using System.Net.Sockets;

namespace Signalbox.Client.Conformance.Tests.Loopback;

/// <summary>
/// A way to the server that breaks: each connection carries so many bytes to the client and is then cut, without a
/// word, wherever in a frame that is. When all cuts are done it carries everything.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly IPEndPoint _server;
    private readonly Queue<int> _cuts;
    private readonly Task _running;

    /// <param name="cuts">After how many bytes the first connection is cut, then the second, and so on.</param>
    public CuttingProxy(string server, IEnumerable<int> cuts)
    {
        _server = IPEndPoint.Parse(server);
        _cuts = new Queue<int>(cuts);
        _listener.Start();
        _running = RunAsync();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!; // An IP endpoint always has a text.

    /// <summary>How many cuts are still to come.</summary>
    public int CutsLeft => _cuts.Count;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _closing.Dispose();
    }

    // One connection after the other, as a client makes them.
    private async Task RunAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptSocketAsync(_closing.Token);
            using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await server.ConnectAsync(_server, _closing.Token);
            await CarryUntilCutAsync(client, server);
            Cut(client);
            Cut(server);
        }
    }

    private async Task CarryUntilCutAsync(Socket client, Socket server)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        var isCutLater = _cuts.TryPeek(out var bytes);
        var up = CarryAsync(client, server, long.MaxValue, ending.Token);
        var down = CarryAsync(server, client, isCutLater ? bytes : long.MaxValue, ending.Token);
        var isCut = await Task.WhenAny(up, down) == down && isCutLater && await down == bytes;
        if (isCut) _cuts.Dequeue();
        await ending.CancelAsync();
        await Task.WhenAll(up, down);
    }

    /// <returns>How many bytes it carried until one of them closed, or it was enough.</returns>
    private static async Task<long> CarryAsync(Socket from, Socket to, long most, CancellationToken ending)
    {
        var buffer = new byte[8 * 1024];
        long carried = 0;
        try
        {
            while (carried < most)
            {
                var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, most - carried));
                var length = await from.ReceiveAsync(piece, ending);
                if (length == 0) break;
                await to.SendAsync(piece[..length], ending);
                carried += length;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One of them is gone: that is what it is for.
        }

        return carried;
    }

    // A reset, not a goodbye: neither side is told anything, and what was on its way is lost.
    private static void Cut(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }
}
