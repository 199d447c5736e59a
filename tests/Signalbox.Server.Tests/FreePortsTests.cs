using System.Net;
using System.Net.Sockets;
using Signalbox.TestKit;

namespace Signalbox.Server.Tests;

public sealed class FreePortsTests
{
    [Fact]
    public void What_was_given_out_the_system_gives_to_nobody_else()
    {
        var given = Enumerable.Range(0, 100).Select(_ => FreePorts.Next()).ToHashSet();

        // More than there are ports to give.
        var others = Enumerable.Range(0, 50_000).Select(_ => AnyPort());

        Assert.Equal(100, given.Count);
        Assert.DoesNotContain(others, given.Contains);
    }

    [Fact]
    public async Task A_server_listens_at_it_again_and_again_and_between_nobody_answers()
    {
        var address = new IPEndPoint(IPAddress.Loopback, FreePorts.Next());
        for (var round = 0; round < 3; round++)
        {
            using (var listener = new TcpListener(address))
            {
                listener.Start();
                using var client = new TcpClient();
                await client.ConnectAsync(address, TestContext.Current.CancellationToken);
            }

            using var late = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(
                () => late.ConnectAsync(address, TestContext.Current.CancellationToken).AsTask());
        }
    }

    private static int AnyPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port; // It is bound.
    }
}
