using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Signalbox.TestKit;

namespace Signalbox.Server.Tests;

public sealed class ServerTests
{
    [Fact]
    public async Task It_prints_its_addresses_then_ready_and_accepts()
    {
        var port = FreePorts.Next();
        await using var server = ServerProcess.Start("--Tcp:Port", $"{port}");

        var lines = await server.ReadyAsync();

        Assert.Contains($"tcp://127.0.0.1:{port}", lines);
        await using var client = await ConnectAsync(port);
        await ServerProcess.WriteFrameAsync(client, """{"command":"ping","seq":1}""");
        Assert.Contains("\"seq\":1", await ServerProcess.ReadFrameAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_http_port_is_among_its_addresses_and_answers()
    {
        var port = FreePorts.Next();
        await using var server = ServerProcess.Start("--Tcp:Port", "0", "--Http:Port", $"{port}");

        var lines = await server.ReadyAsync();

        Assert.Equal([$"http://127.0.0.1:{port}"], lines);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws"), TestContext.Current.CancellationToken);
        await client.SendAsync(
            """{"command":"ping","seq":1}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        var answer = new byte[1000];
        var received = await client.ReceiveAsync(answer, TestContext.Current.CancellationToken);
        Assert.Contains("\"seq\":1", Encoding.UTF8.GetString(answer, 0, received.Count), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_a_signal_it_tells_its_clients_and_ends_well_though_a_pop_is_blocked()
    {
        var port = FreePorts.Next();
        await using var server = ServerProcess.Start("--Tcp:Port", $"{port}");
        await server.ReadyAsync();
        await using var client = await ConnectAsync(port);
        await ServerProcess.WriteFrameAsync(client, """{"command":"qpop","key":"jobs","block":true,"seq":1}""");
        await ServerProcess.WriteFrameAsync(client, """{"command":"ping","seq":2}""");
        await ServerProcess.ReadFrameAsync(client);

        server.Terminate();

        Assert.Contains("\"reason\":\"stopping\",\"retryAfter\":", await ServerProcess.ReadFrameAsync(client), StringComparison.Ordinal);
        var (code, log) = await server.EndAsync();
        Assert.Equal(0, code);
        Assert.Contains("Stopping: 1 connections", log, StringComparison.Ordinal);
        Assert.DoesNotContain("warn:", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tcp")]
    [InlineData("Http")]
    public async Task It_stays_on_this_machine_unless_told_that_this_is_insecure(string section)
    {
        var port = FreePorts.Next();
        await using var refusing = ServerProcess.Start("--Tcp:Port", "0", $"--{section}:Port", $"{port}", $"--{section}:Address", "0.0.0.0");

        var (code, complaint) = await refusing.EndAsync();

        Assert.Equal(2, code);
        Assert.Contains("--insecure", complaint, StringComparison.Ordinal);
        await using var obeying = ServerProcess.Start(
            "--Tcp:Port", "0", $"--{section}:Port", $"{port}", $"--{section}:Address", "0.0.0.0", "--insecure");
        Assert.NotEmpty(await obeying.ReadyAsync());
    }

    [Fact]
    public async Task With_a_key_it_serves_other_machines_too_and_lets_in_who_has_a_token()
    {
        var port = FreePorts.Next();
        await using var server = ServerProcess.Start(
            "--Tcp:Port", $"{port}", "--Tcp:Address", "0.0.0.0",
            "--Security:Keys:0:Algorithm", "HS256", "--Security:Keys:0:Secret", "a secret that is long enough to sign with");

        await server.ReadyAsync();

        await using var client = await ConnectAsync(port);
        await ServerProcess.WriteFrameAsync(client, """{"command":"get","key":"a","seq":1}""");
        Assert.Contains("\"code\":401", await ServerProcess.ReadFrameAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var server = ServerProcess.Start("--Tcp:Port", $"{((IPEndPoint)taken.LocalEndpoint).Port}");

        var (code, complaint) = await server.EndAsync();

        Assert.Equal(2, code);
        Assert.Single(Sentences(complaint));
        Assert.Contains("in use", complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Tcp:Address", "everywhere", "everywhere")]
    [InlineData("--Tcp:Port", "70000", "70000")]
    [InlineData("--Tcp:Port", "many", "Tcp:Port")]
    [InlineData("--Tcp:Port", "0", "Tcp:Port")]
    [InlineData("--Tcp:MaxFrameBytes", "1", "MaxFrameBytes")]
    [InlineData("--Tcp:MaxConnections", "0", "MaxConnections")]
    [InlineData("--Tcp:Certificate", "/no/such/file", "/no/such/file")]
    [InlineData("--Http:Address", "everywhere", "Http:Address")]
    [InlineData("--Http:Port", "70000", "Http:Port")]
    [InlineData("--Http:MaxConnections", "0", "Http:MaxConnections")]
    [InlineData("--Http:AllowedOrigins:0", "example.org", "example.org")]
    [InlineData("--Http:AllowedOrigins:0", "https://example.org/", "https://example.org/")]
    [InlineData("--Http:HeadersTimeout", "00:00:00", "Http:HeadersTimeout")]
    [InlineData("--WebSockets:MaxMessageBytes", "1", "WebSockets:MaxMessageBytes")]
    [InlineData("--WebSockets:CompressFrom", "0", "WebSockets:CompressFrom")]
    [InlineData("--Sse:Heartbeat", "-00:00:01", "Sse:Heartbeat")]
    [InlineData("--Sse:Retry", "00:00:00", "Sse:Retry")]
    [InlineData("--Sse:ReconnectSpread", "-00:00:01", "Sse:ReconnectSpread")]
    [InlineData("--Sse:MaxIdBytes", "1", "Sse:MaxIdBytes")]
    [InlineData("--Session:MaxOutboundBytes", "0", "MaxOutboundBytes")]
    [InlineData("--Session:PingInterval", "soon", "PingInterval")]
    [InlineData("--Limits:MaxItems", "-1", "MaxItems")]
    [InlineData("--Channels:0:Filter", "a/#/b", "a/#/b")]
    [InlineData("--Channels:0:SlowReader", "Wait", "SlowReader")]
    [InlineData("--Channels:0:HistroySize", "5", "HistroySize")]
    [InlineData("--GracePeriod", "-00:00:01", "GracePeriod")]
    [InlineData("--Security:Keys:0:Algorithm", "HS265", "Security:Keys:0")]
    [InlineData("--Security:Keys:0:Secrte", "anything", "Secrte")]
    [InlineData("--Security:ClockSkew", "some", "ClockSkew")]
    [InlineData("--Security:Anonymous:Publish:0", "a#", "Security:Anonymous")]
    [InlineData("--Session:PerUser:CommandsPerSecond", "-1", "Session:PerUser:CommandsPerSecond")]
    [InlineData("--Session:MaxConnectionsPerAddress", "-1", "MaxConnectionsPerAddress")]
    [InlineData("--Limits:MaxUserConnections", "0", "MaxUserConnections")]
    public async Task A_wrong_option_is_said_in_a_sentence_that_names_it(string option, string value, string named)
    {
        await using var server = ServerProcess.Start(option, value);

        var (code, complaint) = await server.EndAsync();

        Assert.Equal(2, code);
        Assert.Contains(named, Assert.Single(Sentences(complaint)), StringComparison.Ordinal);
    }

    private static string[] Sentences(string complaint)
    {
        var lines = complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("signalbox-server: ", line, StringComparison.Ordinal));
        return lines;
    }

    private static async Task<NetworkStream> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
