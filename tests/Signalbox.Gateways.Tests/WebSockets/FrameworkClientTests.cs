using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.WebSockets;

/// <summary>The WebSocket client of the framework understands us, and we it.</summary>
public sealed class FrameworkClientTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(15)]
    public async Task It_subscribes_publishes_and_closes(int? window)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = new ClientWebSocket();
        if (window is { } bits) client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions { ServerMaxWindowBits = bits };
        await client.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws", Path = "/ws" }.Uri, TestContext.Current.CancellationToken);

        await TalkAsync(client);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Over_tls_it_is_the_same_by_http_1_and_2(int version)
    {
        using var certificate = SelfSigned();
        await using var host = await HttpHost.StartAsync(plan => plan.Certificate = certificate);
        using var client = new ClientWebSocket();
        await ConnectAsync(client, host, certificate, new Version(version, version == 1 ? 1 : 0));

        await TalkAsync(client);
    }

    [Fact]
    public async Task By_http_2_it_is_told_of_a_stop_too()
    {
        using var certificate = SelfSigned();
        await using var host = await HttpHost.StartAsync(plan => plan.Certificate = certificate);
        using var client = new ClientWebSocket();
        await ConnectAsync(client, host, certificate, HttpVersion.Version20);
        await SendAsync(client, """{"command":"ping","seq":1}""");
        await ReceiveAsync(client);

        var stopping = host.StopAsync();

        Assert.Equal("stopping", (await ReceiveAsync(client)).Field("reason"));
        var close = await client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken);
        Assert.Equal((WebSocketMessageType.Close, 1012), (close.MessageType, (int?)close.CloseStatus));
        // A client that keeps its end of the stream open would be waited for as long as a stop may take.
        client.Dispose();
        await stopping;
    }

    private static async Task ConnectAsync(ClientWebSocket client, HttpHost host, X509Certificate2 certificate, Version version)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString(),
            },
        };
        var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        client.Options.HttpVersion = version;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await client.ConnectAsync(
            new UriBuilder(host.Address) { Scheme = "wss", Path = "/ws" }.Uri, invoker, TestContext.Current.CancellationToken);
    }

    private static async Task TalkAsync(ClientWebSocket client)
    {
        var value = string.Join(' ', Enumerable.Range(0, 20_000));

        await SendAsync(client, """{"command":"subscribe","key":"news","seq":1}""");
        Assert.Equal("1", (await ReceiveAsync(client)).Field("seq"));
        await SendAsync(client, $$"""{"command":"publish","key":"news","value":"{{value}}"}""");
        Assert.Equal(value, (await ReceiveAsync(client)).Field("value"));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", TestContext.Current.CancellationToken);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
    }

    private static Task SendAsync(ClientWebSocket client, string body) => client.SendAsync(
        Encoding.UTF8.GetBytes(body), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static async Task<string> ReceiveAsync(ClientWebSocket client)
    {
        using var message = new MemoryStream();
        var buffer = new byte[10_000];
        WebSocketReceiveResult result;
        do
        {
            result = await client.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            message.Write(buffer.AsSpan(0, result.Count));
        }
        while (!result.EndOfMessage);

        return Encoding.UTF8.GetString(message.ToArray());
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
