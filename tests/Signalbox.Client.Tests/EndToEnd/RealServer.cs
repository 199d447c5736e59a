using Microsoft.AspNetCore.Builder;
using Signalbox.Client.Tests.Fakes;
using Signalbox.Hosting;
using Signalbox.Server;
using Signalbox.TestKit;

namespace Signalbox.Client.Tests.EndToEnd;

/// <summary>The server as it ships, in this process, with nothing on disk.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private readonly Action<ServerOptions> _configure;
    private WebApplication _app;

    private RealServer(WebApplication app, int port, Action<ServerOptions> configure)
    {
        _app = app;
        _configure = configure;
        Port = port;
    }

    public int Port { get; }

    public string Endpoint => $"127.0.0.1:{Port}";

    public static Task<RealServer> StartAsync(int maxAttempts = 1000) =>
        StartAsync(options => options.Limits.MaxAttempts = maxAttempts);

    public static async Task<RealServer> StartAsync(Action<ServerOptions> configure)
    {
        var port = FreePorts.Next();
        return new RealServer(await StartAppAsync(port, configure), port, configure);
    }

    /// <summary>Stops, and comes back at the same port without a memory.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        _app = await StartAppAsync(Port, _configure);
    }

    public SignalboxClient Connect(Action<SignalboxClientOptions>? configure = null)
    {
        var options = new SignalboxClientOptions { ReconnectDelay = TimeSpan.FromMilliseconds(20) };
        configure?.Invoke(options);
        if (options.Endpoints.Count == 0) options.Endpoints.Add(Endpoint);
        return new SignalboxClient(options);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StopAsync()
    {
        await _app.StopAsync().Soon("the server to stop");
        await _app.DisposeAsync();
    }

    private static async Task<WebApplication> StartAppAsync(int port, Action<ServerOptions> configure)
    {
        string[] args = ["--Logging:LogLevel:Default", "None"];
        var options = new ServerOptions();
        options.Tcp.Port = port;
        options.Http.Port = 0;
        options.Data.Ephemeral = true;
        options.Mqtt.Port = 0;
        options.Channels.Add(new ChannelSettings { Filter = "long/#", HistorySize = 100_000, HistoryAge = TimeSpan.FromHours(1) });
        options.Channels.Add(new ChannelSettings { Filter = "kept/#", Retain = true });
        options.Channels.Add(new ChannelSettings { Filter = "seen/#", JoinLeave = true });
        options.Channels.Add(new ChannelSettings { Filter = "limited/#", RateLimit = 2, RateWindow = TimeSpan.FromHours(1) });
        configure(options);
        var app = ServerApp.Build(args, options);
        await ServerApp.StartAsync(app);
        return app;
    }
}
