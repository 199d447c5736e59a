using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signalbox.Core.Channels;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hooks;
using Signalbox.Gateways.Metrics;
using Signalbox.Gateways.Outbound;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Tcp;
using Signalbox.Gateways.Hosting;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>The dispatcher's port in this process, on a free port of the loopback, with sockets set as the server sets them.</summary>
internal sealed class DispatcherHost : IAsyncDisposable
{
    public const string NodeId = "node-1";

    private readonly List<DispatcherDriver> _clients = [];
    private readonly WebApplication _app;
    private readonly EmbeddedEngine _engine;
    private readonly SessionRegistry _registry;
    private readonly SessionHost _sessions;
    private readonly HookClient _hooks;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private DispatcherHost(HostPlan plan)
    {
        var rules = new ChannelRules([.. plan.Rules], ChannelOptions.Default);
        _engine = new EmbeddedEngine(plan.Clock, plan.Log, rules, plan.Limits, EngineDurability.Default);
        Node = new Node(NodeId, _engine, rules);
        _registry = new SessionRegistry(plan.Session, plan.Clock);
        var doors = new Doorkeeper(plan.Security, plan.Clock);
        var metrics = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>());
        _hooks = new HookClient(plan.Hooks, plan.Clock, NullLogger<HookClient>.Instance);
        var news = new Notifier(plan.Hooks, _hooks, Node, metrics, plan.Clock, NullLogger<Notifier>.Instance);
        _sessions = new SessionHost(
            plan.Engine(_engine), Node, rules, plan.Session, plan.Clock, new WriteLanes(), doors, metrics, new Backend(plan.Hooks, _hooks, metrics), news);
        var runner = new SessionRunner(_registry, NullLogger<SessionRunner>.Instance);
        Handler = new TcpConnectionHandler(_sessions, runner, plan.Tcp);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTransport(TransportKind.Auto, SendBuffer(plan.SendBufferBytes));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (plan.Certificate is not null) listen.UseHttps(plan.Certificate);
            listen.Run(Handler.OnConnectedAsync);
        }));
        _app = builder.Build();
    }

    public Node Node { get; }

    /// <summary>For connections that are no sockets.</summary>
    public TcpConnectionHandler Handler { get; }

    public int ConnectionCount => _registry.Count;

    public static async Task<DispatcherHost> StartAsync(Action<HostPlan>? change = null)
    {
        var plan = new HostPlan();
        change?.Invoke(plan);
        var host = new DispatcherHost(plan);
        await host._engine.JoinAsync(host.Node, CancellationToken.None);
        await host._app.StartAsync();
        return host;
    }

    /// <param name="name">For the message of a test that waits in vain.</param>
    public async Task<DispatcherDriver> ConnectAsync(
        string name = "client", int? receiveBufferBytes = null, SslClientAuthenticationOptions? tls = null)
    {
        var client = await DispatcherDriver.ConnectAsync(EndPoint(), name, receiveBufferBytes, tls);
        lock (_clients) _clients.Add(client);
        return client;
    }

    /// <summary>Stops as the server does at a signal; completes when every connection is closed.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _registry.Dispose();
        _sessions.Dispose();
        _hooks.Dispose();
        await _services.DisposeAsync();
        _engine.Dispose();
    }

    /// <summary>Sets how much the kernel takes: what is accepted inherits it.</summary>
    public static Action<Socket>? SendBuffer(int? bytes) =>
        bytes is { } size ? socket => socket.SendBufferSize = size : null;

    private IPEndPoint EndPoint()
    {
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!; // Kestrel has it.
        return IPEndPoint.Parse(new Uri(address.Addresses.Single()).Authority);
    }
}
