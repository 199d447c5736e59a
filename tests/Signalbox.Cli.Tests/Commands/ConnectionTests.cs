using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Signalbox.Cli.Tests.Commands;

public sealed class ConnectionTests(TestServer server)
{
    [Fact]
    public async Task A_ping_tells_who_answered()
    {
        var ping = await Cli.At(server).RunAsync("ping");
        var json = Assert.Single(await Cli.At(server).JsonAsync("ping"));

        Assert.Matches(@"^127\.0\.0\.1:\d+ answered in [\d.]+m?s: node \w+, version \S+, time .+\n$", ping.Output);
        Assert.Equal(server.Address, json.GetProperty("server").GetString());
        Assert.True(json.GetProperty("elapsedMs").GetDouble() > 0);
    }

    [Fact]
    public async Task A_server_that_is_alone_is_part_of_no_cluster()
    {
        var seen = await Cli.At(server).RunAsync("cluster");

        Assert.Equal((0, "The server is alone: it is no part of a cluster.\n"), (seen.Code, seen.Output));
        Assert.Empty(await Cli.At(server).JsonAsync("cluster"));
    }

    [Fact]
    public async Task The_option_goes_before_the_environment()
    {
        var ended = await new Cli("127.0.0.1:1").RunAsync("ping", "--server", server.Address);

        Assert.Equal(0, ended.Code);
    }

    [Theory]
    [InlineData("sub", "x")]
    [InlineData("watch", "x")]
    public async Task A_connection_that_is_lost_ends_the_command_with_3(string command, string name)
    {
        var own = new TestServer();
        await own.InitializeAsync();
        await Cli.At(own).RunAsync("pub", name, "here", "--retain");
        var running = Cli.At(own).Start([command, name]);
        await running.LineAsync();

        await own.DisposeAsync();
        var ended = await running.EndAsync();

        Assert.Equal(3, ended.Code);
        Assert.StartsWith("signalbox: The connection was lost: ", ended.Error);
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("ack q 1-1")]
    public async Task A_peer_that_is_no_Signalbox_ends_with_3(string line)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener);

        var ended = await new Cli($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}").RunAsync(line.Split(' '));

        await answering;
        Assert.Equal((3, ""), (ended.Code, ended.Output));

        static async Task AnswerAsync(TcpListener listener)
        {
            using var peer = await listener.AcceptTcpClientAsync();
            await peer.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        }
    }

    [Fact]
    public async Task A_server_without_TLS_is_no_connection_where_TLS_is_asked_for()
    {
        var ended = await Cli.At(server).RunAsync("ping", "--tls", "--timeout", "5s");

        Assert.Equal(3, ended.Code);
    }

    [Fact]
    public async Task A_reply_that_does_not_come_ends_with_4()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var greeting = GreetAsync(listener);

        var endPoint = (IPEndPoint)listener.LocalEndpoint;
        var ended = await new Cli($"127.0.0.1:{endPoint.Port}").RunAsync("ack", "q", "1-1", "--timeout", "5s");

        (await greeting).Dispose();
        Assert.Equal((4, ""), (ended.Code, ended.Output));
    }

    /// <summary>Answers the first command, and no other.</summary>
    private static async Task<TcpClient> GreetAsync(TcpListener listener)
    {
        var peer = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = peer.GetStream();
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        var hello = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
        await stream.ReadExactlyAsync(hello);
        var seq = JsonDocument.Parse(hello).RootElement.GetProperty("seq").GetRawText();
        const string fields = "\"connection\":\"1\",\"node\":\"n\",\"version\":\"1\",\"ping\":25000";
        var reply = Encoding.UTF8.GetBytes($"{{\"command\":\"hello\",\"code\":0,\"message\":\"ok\",\"seq\":{seq},{fields}}}");
        BinaryPrimitives.WriteInt32BigEndian(length, reply.Length + 4);
        await stream.WriteAsync((byte[])[.. length, .. reply]);
        return peer;
    }
}
