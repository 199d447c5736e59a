using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hosting;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>All gateways that speak HTTP, as a server puts them together, on a free port of the loopback.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmbeddedEngine _engine;

    private GatewayHost(GatewayOptions options)
    {
        _engine = new EmbeddedEngine(
            TimeProvider.System, new MemoryLog(), ChannelRules.Default, EngineLimits.Default, EngineDurability.Default);
        Node = new Node("node-1", _engine, ChannelRules.Default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(ChannelRules.Default);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IEngine>(_engine);
        builder.Services.AddSingleton(Node);
        builder.Services.AddSignalboxGateways(options);
        builder.WebHost.UseSockets(Listening.UseSockets);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapSignalbox();
    }

    public Node Node { get; }

    /// <summary>The host and port that it listens on.</summary>
    public string Authority =>
        new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    public static async Task<GatewayHost> StartAsync(GatewayOptions options)
    {
        var host = new GatewayHost(options);
        await host._engine.JoinAsync(host.Node, CancellationToken.None);
        await host._app.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _engine.Dispose();
    }
}
