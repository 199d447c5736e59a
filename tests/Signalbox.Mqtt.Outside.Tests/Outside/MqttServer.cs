using Signalbox.Client;
using Signalbox.Gateways.Tests.Security;
using Signalbox.Server.Tests;
using Signalbox.TestKit;

[assembly: AssemblyFixture(typeof(Signalbox.Mqtt.Outside.Tests.Outside.MqttServer))]

namespace Signalbox.Mqtt.Outside.Tests.Outside;

/// <summary>The server as a process, with a history of every channel; a second one lets nobody in without a token.</summary>
public sealed class MqttServer : IAsyncLifetime
{
    private ServerProcess _open = null!; // Set before any test.
    private ServerProcess _closed = null!; // Set before any test.

    public int TcpPort { get; } = FreePorts.Next();

    public int HttpPort { get; } = FreePorts.Next();

    public int MqttPort { get; } = FreePorts.Next();

    /// <summary>The ports where a token is wanted.</summary>
    public int GuardedPort { get; } = FreePorts.Next();

    public int GuardedHttpPort { get; } = FreePorts.Next();

    public HttpClient Http { get; } = new();

    /// <summary>A token that grants everything below <c>mine/</c>.</summary>
    public static string Token() =>
        TokenMaker.Token(TimeProvider.System.GetUtcNow(), "ann", """{"publish":["mine/#"],"subscribe":["mine/#"]}""");

    public SignalboxClient NewClient()
    {
        var options = new SignalboxClientOptions();
        options.Endpoints.Add($"127.0.0.1:{TcpPort}");
        return new SignalboxClient(options);
    }

    public async ValueTask InitializeAsync()
    {
        _open = ServerProcess.Start(
            "--Tcp:Port", $"{TcpPort}", "--Http:Port", $"{HttpPort}", "--Mqtt:Port", $"{MqttPort}",
            "--Channels:0:Filter", "#", "--Channels:0:HistorySize", "1000", "--Channels:0:HistoryAge", "01:00:00");
        _closed = ServerProcess.Start(
            "--Tcp:Port", "0", "--Mqtt:Port", $"{GuardedPort}", "--Http:Port", $"{GuardedHttpPort}",
            "--Security:Keys:0:Algorithm", "HS256", "--Security:Keys:0:Secret", TokenMaker.Secret);
        await _open.ReadyAsync();
        await _closed.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _open.DisposeAsync();
        await _closed.DisposeAsync();
    }
}
