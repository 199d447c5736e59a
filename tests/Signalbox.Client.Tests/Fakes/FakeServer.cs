using System.Net;
using System.Net.Sockets;

namespace Signalbox.Client.Tests.Fakes;

/// <summary>A server that does only what the test says.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FakeServer() => _listener.Start();

    public string Endpoint => _listener.LocalEndpoint.ToString()!; // It listens.

    /// <summary>The next connection.</summary>
    public async Task<FakePeer> AcceptAsync() => new(await AcceptStreamAsync());

    public async Task<Stream> AcceptStreamAsync() =>
        new NetworkStream(await _listener.AcceptSocketAsync().Soon("a connection of the client"), ownsSocket: true);

    /// <summary>The next connection, greeted and ready for commands.</summary>
    public async Task<FakePeer> GreetAsync(string fields = "")
    {
        var peer = await AcceptAsync();
        await peer.GreetAsync(fields);
        return peer;
    }

    public void Dispose() => _listener.Dispose();
}
