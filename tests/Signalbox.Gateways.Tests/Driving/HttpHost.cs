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

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>The port of all that speaks HTTP, in this process, on a free port of the loopback, as the server has it.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    private readonly List<HttpDriver> _clients = [];
    private readonly WebApplication _app;
    private readonly EmbeddedEngine _engine;

    private HttpHost(HostPlan plan)
    {
        var rules = new ChannelRules([.. plan.Rules], ChannelOptions.Default);
        _engine = new EmbeddedEngine(plan.Clock, plan.Log, rules, plan.Limits);
        var gateways = new GatewayOptions { Http = plan.Http, Session = plan.Session };
        gateways.Http.Port = gateways.Tcp.Port = 0;

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(rules);
        builder.Services.AddSingleton(plan.Clock);
        builder.Services.AddSingleton<IEngine>(_engine);
        builder.Services.AddSingleton(provider => new Node("node-1", provider.GetRequiredService<IEngine>(), rules));
        builder.Services.AddSignalboxGateways(gateways);
        builder.WebHost.UseSockets(sockets => DispatcherHost.UseSockets(sockets, plan.SendBufferBytes));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Listening.Listen(kestrel, gateways);
            if (plan.BodyRate is { } rate) kestrel.Limits.MinRequestBodyDataRate = rate;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (plan.Certificate is not null) listen.UseHttps(plan.Certificate);
            });
        });
        _app = builder.Build();
        _app.MapSignalbox();
    }

    public EmbeddedEngine Engine => _engine;

    public Node Node => _app.Services.GetRequiredService<Node>();

    public IHostApplicationLifetime Lifetime => _app.Lifetime;

    public IPEndPoint EndPoint
    {
        get
        {
            var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!; // Kestrel has it.
            return IPEndPoint.Parse(new Uri(address.Addresses.Single()).Authority);
        }
    }

    public static async Task<HttpHost> StartAsync(Action<HostPlan>? change = null)
    {
        var plan = new HostPlan();
        change?.Invoke(plan);
        var host = new HttpHost(plan);
        await host._engine.JoinAsync(host.Node, CancellationToken.None);
        await host._app.StartAsync();
        return host;
    }

    /// <summary>A client that checks every answer against the server's own description.</summary>
    public async Task<HttpDriver> ConnectAsync(HttpMessageHandler? handler = null, string scheme = "http", Version? version = null)
    {
        var client = await HttpDriver.ConnectAsync(new Uri($"{scheme}://{EndPoint}"), handler, version ?? HttpVersion.Version11);
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that knows sockets and text.</summary>
    public Task<RawHttp> OpenAsync(int? receiveBufferBytes = null) => RawHttp.OpenAsync(EndPoint, receiveBufferBytes);

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _engine.Dispose();
    }
}
