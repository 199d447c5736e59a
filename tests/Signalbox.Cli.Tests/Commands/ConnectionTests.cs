using System.Net;
using System.Net.Sockets;

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
        await using var silent = StandIn.Silent();

        var ended = await new Cli(silent.Address).RunAsync("ack", "q", "1-1", "--timeout", "5s");

        Assert.Equal((4, ""), (ended.Code, ended.Output));
    }
}
