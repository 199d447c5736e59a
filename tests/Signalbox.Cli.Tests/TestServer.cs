using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Signalbox.Cli.Tests;
using Signalbox.Gateways.Security;
using Signalbox.Hosting;
using Signalbox.Server;
using Signalbox.TestKit;

[assembly: AssemblyFixture(typeof(TestServer))]

namespace Signalbox.Cli.Tests;

/// <summary>The real server in this process, on a port of its own.</summary>
public sealed class TestServer : IAsyncLifetime
{
    private WebApplication? _app;

    public int Port { get; } = FreePorts.Next();

    /// <summary>The secret of its key; without one anybody may do everything, and is nobody.</summary>
    public string? Secret { get; init; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public async ValueTask InitializeAsync()
    {
        var options = new ServerOptions
        {
            GracePeriod = TimeSpan.FromSeconds(1),
            Channels = [new ChannelSettings { Filter = "limited", RateLimit = 2 }, new ChannelSettings { Filter = "told", JoinLeave = true }],
        };
        options.Tcp.Port = Port;
        options.Http.Port = 0;
        options.Data.Ephemeral = true;
        options.Mqtt.Port = 0;
        if (Secret is not null) options.Security.Keys.Add(new KeySettings { Algorithm = "HS256", Secret = Secret });
        _app = ServerApp.Build([], options);
        await ServerApp.StartAsync(_app);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null) return;

        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }
}
