using System.Text;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.WebSockets;

/// <summary>How a WebSocket begins, and who does not get one.</summary>
public sealed class HandshakeTests
{
    private const string Ping = """{"command":"ping","seq":1}""";

    [Fact]
    public async Task A_request_is_answered_as_the_standard_says()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.OpenAsync();

        await client.SendRawAsync(Encoding.ASCII.GetBytes(WebSocketDriver.Request()));

        var lines = (await client.ReadHeadAsync("the answer")).Split("\r\n");
        Assert.Equal("HTTP/1.1 101 Switching Protocols", lines[0]);
        Assert.Contains("Upgrade: websocket", lines);
        Assert.Contains("Connection: Upgrade", lines);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("Sec-WebSocket-Extensions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_may_come_together_with_the_request()
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.OpenAsync();

        await client.SendRawAsync(new[] { Encoding.ASCII.GetBytes(WebSocketDriver.Request()), WebSocketDriver.Frame(Ping) }.SelectMany(part => part).ToArray());

        await client.ReadHeadAsync("the answer to the handshake");
        Assert.Equal("1", (await client.ReadAsync("the answer to the command")).Field("seq"));
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 400)]
    [InlineData("Sec-WebSocket-Version: 13", "X-Nothing: 13", 400)]
    [InlineData("Upgrade: websocket", "Upgrade: carrier-pigeon", 400)]
    [InlineData("Connection: Upgrade", "Connection: close", 400)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=", 400)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ", 400)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "this is not at all base64", 400)]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "X-Nothing: here", 400)]
    [InlineData("Host: localhost", "Host: localhost\r\nOrigin: https://evil.test", 403)]
    [InlineData("GET /ws HTTP/1.1", "GET /ws HTTP/1.0", 400)]
    [InlineData("GET /ws HTTP/1.1", "GET /mqtt HTTP/1.0", 400)]
    [InlineData("GET /ws", "GET /wss", 404)]
    public async Task A_request_that_is_none_is_refused_in_a_sentence(string right, string wrong, int status)
    {
        await using var host = await HttpHost.StartAsync();
        var client = await host.OpenAsync();
        var request = WebSocketDriver.Request().Replace(right, wrong, StringComparison.Ordinal);

        await client.SendRawAsync(Encoding.ASCII.GetBytes(request));

        var head = await client.ReadHeadAsync("the refusal");
        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        if (status == 400) Assert.Contains("Sec-WebSocket-Version: 13\r\n", head, StringComparison.Ordinal);
        Assert.Equal(0, host.ConnectionCount);
    }

    [Fact]
    public async Task A_page_of_the_same_host_gets_one()
    {
        await using var host = await HttpHost.StartAsync();

        var client = await host.ConnectAsync("page", null, "Origin: http://localhost");

        Assert.Equal("1", (await client.AskAsync(Ping)).Field("seq"));
    }

    [Fact]
    public async Task Who_says_its_request_too_slowly_is_cut_off()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Http.HeadersTimeout = TimeSpan.FromSeconds(1));
        var client = await host.OpenAsync("loris");
        await client.SendRawAsync("GET /ws HTTP/1.1\r\nHost: a\r\nX-Slow: "u8.ToArray());

        Assert.StartsWith("HTTP/1.1 408 ", await client.ReadHeadAsync("that it took too long"), StringComparison.Ordinal);

        await client.ReadEndAsync("the end of a request that never comes");
    }

    [Fact]
    public async Task One_connection_too_many_is_told_so_and_closed()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Http.MaxConnections = 1);
        var first = await host.ConnectAsync("first");
        await first.AskAsync(Ping);

        var second = await host.ConnectAsync("second");

        Assert.Equal("too_many_connections", (await second.ReadAsync("that there are too many")).Field("reason"));
        Assert.Equal((4429, "too_many_connections"), await second.ReadCloseAsync("the close frame"));
        Assert.Equal("1", (await first.AskAsync(Ping)).Field("seq"));
    }
}
