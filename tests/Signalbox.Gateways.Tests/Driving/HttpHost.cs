using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Core.Channels;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Sessions;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>The HTTP port in this process, on a free port of the loopback, put together as the server puts it together.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _clients = [];
    private readonly WebApplication _app;

    private HttpHost(HostPlan plan)
    {
        var rules = new ChannelRules([.. plan.Rules], ChannelOptions.Default);
        var options = new GatewayOptions
        {
            Tcp = plan.Tcp,
            Http = plan.Http,
            WebSockets = plan.WebSockets,
            Session = plan.Session,
            Security = plan.Security,
            Sse = plan.Sse,
            Hooks = plan.Hooks,
        };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (plan.Logs is not null)
        {
            builder.Services.Configure<LoggerFilterOptions>(logging => logging.Rules.Clear());
            builder.Logging.AddProvider(plan.Logs).SetMinimumLevel(LogLevel.Trace);
        }

        builder.Services.AddSingleton(rules);
        builder.Services.AddSingleton(plan.Clock);
        var setup = new EngineSetup(rules, plan.Limits, EngineDurability.Default);
        builder.Services.AddSingleton<IEngine>(provider =>
            (setup with { Metrics = new EngineMetrics(provider.GetRequiredService<IMeterFactory>()) }).MakeEngine(plan.Clock, plan.Log));
        builder.Services.AddSingleton(provider => new Node("node-1", provider.GetRequiredService<IEngine>(), rules));
        if (plan.Cluster is not null) builder.Services.AddSingleton(plan.Cluster);
        builder.Services.AddSignalboxGateways(options);
        builder.WebHost.UseTransport(TransportKind.Auto, DispatcherHost.SendBuffer(plan.SendBufferBytes));
        plan.Services(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Listening.Limit(kestrel, options.Http);
            if (plan.BodyRate is { } rate) kestrel.Limits.MinRequestBodyDataRate = rate;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (plan.Certificate is not null) listen.UseHttps(plan.Certificate);
                if (plan.CanTakeOver) Takeover.Use(listen);
            });
        });
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            plan.Witness(context);
            return next(context);
        });
        _app.MapSignalboxGateways(isWholeSite: true);
    }

    public int ConnectionCount => _app.Services.GetRequiredService<SessionRegistry>().Count;

    public IEngine Engine => _app.Services.GetRequiredService<IEngine>();

    public IMeterFactory Meters => _app.Services.GetRequiredService<IMeterFactory>();

    public IHostApplicationLifetime Lifetime => _app.Lifetime;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()); // Kestrel has it.

    public IPEndPoint EndPoint => IPEndPoint.Parse(Address.Authority);

    public static async Task<HttpHost> StartAsync(Action<HostPlan>? change = null)
    {
        var plan = new HostPlan();
        change?.Invoke(plan);
        var host = new HttpHost(plan);
        await host._app.Services.GetRequiredService<IEngine>()
            .JoinAsync(host._app.Services.GetRequiredService<Node>(), CancellationToken.None);
        await host._app.StartAsync();
        return host;
    }

    /// <summary>Opens a WebSocket.</summary>
    /// <param name="name">For the message of a test that waits in vain.</param>
    public async Task<WebSocketDriver> ConnectAsync(string name = "client", int? receiveBufferBytes = null, params string[] headers)
    {
        var client = await WebSocketDriver.OpenAsync(EndPoint, name, receiveBufferBytes);
        lock (_clients) _clients.Add(client);
        await client.ShakeHandsAsync(headers);
        return client;
    }

    /// <summary>Opens a connection on which nothing was said yet.</summary>
    public async Task<WebSocketDriver> OpenAsync(string name = "client")
    {
        var client = await WebSocketDriver.OpenAsync(EndPoint, name, null);
        lock (_clients) _clients.Add(client);
        return client;
    }

    /// <summary>A client of requests, that checks every answer against the server's own description.</summary>
    public Task<HttpDriver> ClientAsync(HttpMessageHandler? handler = null, Version? version = null) =>
        HttpDriver.ConnectAsync(Address, handler ?? new SocketsHttpHandler(), version ?? HttpVersion.Version11);

    /// <summary>A client of requests that knows sockets and text.</summary>
    public Task<RawHttp> RawAsync(int? receiveBufferBytes = null) => RawHttp.OpenAsync(EndPoint, receiveBufferBytes);

    /// <summary>Stops as the server does at a signal; completes when every connection is closed.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
