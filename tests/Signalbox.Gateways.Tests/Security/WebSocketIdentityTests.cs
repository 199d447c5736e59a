using System.Net;
using System.Net.WebSockets;
using System.Text;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>How a WebSocket says who it is, and how it is cut.</summary>
public sealed class WebSocketIdentityTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private HttpHost _host = null!; // Set before any test.

    public async ValueTask InitializeAsync() => _host = await HttpHost.StartAsync(plan =>
    {
        plan.Clock = _clock;
        plan.Security.Keys.Add(new() { Algorithm = "HS256", Secret = TokenMaker.Secret });
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_token_may_be_in_a_header_in_the_address_or_in_hello()
    {
        var token = TokenMaker.Token(_clock.GetUtcNow(), "anna");
        using var byHeader = await ConnectAsync(header: "Bearer " + token);
        using var byQuery = await ConnectAsync(query: "?token=" + token);
        using var byHello = await ConnectAsync();
        // The handshake is answered before the user is listed, and the first command is done after that.
        foreach (var socket in new[] { byHeader, byQuery }) await AskAsync(socket, """{"command":"ping","seq":0}""");
        await AskAsync(byHello, $$"""{"command":"hello","token":"{{token}}","seq":1}""");

        var user = await AskAsync(byHeader, """{"command":"user","key":"anna","seq":2}""");

        Assert.Equal(3, user.Split("\"protocol\":\"ws\"").Length - 1);
        Assert.Equal("True", user.Field("online"));
    }

    [Fact]
    public async Task A_header_goes_before_the_address_and_is_not_passed_over()
    {
        var token = TokenMaker.Token(_clock.GetUtcNow(), "anna");

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync("?token=" + token, "Basic YTpi"));
        using var socket = await ConnectAsync("?token=nonsense", "Bearer " + token);

        Assert.Equal("0", (await AskAsync(socket, """{"command":"user","key":"anna","seq":2}""")).Field("code"));
    }

    [Fact]
    public async Task A_revoked_user_is_cut_here_too_and_cannot_come_back()
    {
        using var admin = await ConnectAsync(header: "Bearer " + TokenMaker.Token(_clock.GetUtcNow(), "root", """{"admin":true}"""));
        var token = TokenMaker.Token(_clock.GetUtcNow(), "anna");
        using var anna = await ConnectAsync(header: "Bearer " + token);
        await AskAsync(anna, """{"command":"ping","seq":1}""");

        await AskAsync(admin, """{"command":"revoke","key":"anna","seq":2}""");

        Assert.Equal("revoked", (await ReadAsync(anna)).Field("reason"));
        using var again = await ConnectAsync(header: "Bearer " + token);
        Assert.Equal("401", (await ReadAsync(again)).Field("code"));
        await ReadAsync(again);
        Assert.Equal((WebSocketCloseStatus)4401, again.CloseStatus);
    }

    private async Task<ClientWebSocket> ConnectAsync(string query = "", string? header = null)
    {
        var socket = new ClientWebSocket();
        if (header is not null) socket.Options.SetRequestHeader(nameof(HttpRequestHeader.Authorization), header);
        await socket.ConnectAsync(new Uri($"ws://{_host.Address.Authority}/ws{query}"), TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<string> AskAsync(ClientWebSocket socket, string body)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await socket.SendAsync(Encoding.UTF8.GetBytes(body), WebSocketMessageType.Text, endOfMessage: true, cancellation);
        return await ReadAsync(socket);
    }

    private static async Task<string> ReadAsync(ClientWebSocket socket)
    {
        var frame = new byte[16 * 1024];
        var read = await socket.ReceiveAsync(frame, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(frame, 0, read.Count);
    }
}
