using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signalbox.Core.Channels;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Embedded.Log.Writing;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Protocol.Mqtt;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>The ports of MQTT, of the dispatcher and of HTTP in this process, put together as the server does it.</summary>
internal sealed class MqttPort : IAsyncDisposable
{
    private static readonly LogOptions Small = new() { SegmentBytes = 1024 * 1024, FlushInterval = TimeSpan.FromMilliseconds(1) };

    private readonly List<IAsyncDisposable> _clients = [];
    private readonly WebApplication _app;
    private readonly DurableEngine? _data;

    private MqttPort(HostPlan plan)
    {
        var rules = new ChannelRules([.. plan.Rules], ChannelOptions.Default);
        var options = new GatewayOptions { Mqtt = plan.Mqtt, Session = plan.Session, Security = plan.Security, Hooks = plan.Hooks };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (plan.Logs is not null) builder.Logging.AddProvider(plan.Logs);
        builder.Services.AddSingleton(rules);
        builder.Services.AddSingleton(plan.Clock);
        var setup = new EngineSetup(rules, plan.Limits, EngineDurability.Default);
        if (plan.Disk is { } disk) _data = DurableEngine.Open(disk, plan.Clock, setup, Small, new LogNews(), onProgress: null);
        builder.Services.AddSingleton<IEngine>(_ => _data?.Engine ?? setup.MakeEngine(plan.Clock, plan.Log));
        builder.Services.AddSingleton(provider => new Node("node-1", provider.GetRequiredService<IEngine>(), rules));
        builder.Services.AddSignalboxGateways(options);
        builder.WebHost.UseTransport(TransportKind.Auto, DispatcherHost.SendBuffer(plan.SendBufferBytes));
        plan.Services(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Listening.Limit(kestrel, options.Http);
            kestrel.Listen(IPAddress.Loopback, 0, listen => Listening.ServeHttp(listen, options));
            kestrel.Listen(IPAddress.Loopback, 0, listen => Listening.ServeMqtt(listen, options.Mqtt, options));
            kestrel.Listen(IPAddress.Loopback, 0, listen => Listening.ServeTcp(listen, options));
        });
        _app = builder.Build();
        _app.MapSignalboxGateways(isWholeSite: true);
    }

    public IEngine Engine => _app.Services.GetRequiredService<IEngine>();

    public Node Node => _app.Services.GetRequiredService<Node>();

    public IPEndPoint HttpEndPoint => EndPoint(0);

    public static async Task<MqttPort> StartAsync(Action<HostPlan>? change = null)
    {
        var plan = new HostPlan();
        change?.Invoke(plan);
        var port = new MqttPort(plan);
        await port.Engine.JoinAsync(port._app.Services.GetRequiredService<Node>(), CancellationToken.None);
        await port._app.StartAsync();
        return port;
    }

    /// <summary>Opens a connection on which nothing was said yet.</summary>
    /// <param name="name">For the message of a test that waits in vain.</param>
    public async Task<MqttTalker> OpenAsync(string name = "client", MqttVersion version = MqttVersion.V5)
    {
        var client = await MqttTalker.OpenAsync(EndPoint(1), name, version);
        lock (_clients) _clients.Add(client);
        return client;
    }

    /// <summary>Opens a connection, and is let in as a client of this name.</summary>
    public async Task<MqttTalker> ConnectAsync(string name, MqttVersion version = MqttVersion.V5, uint expiry = 0, bool isClean = true)
    {
        var client = await OpenAsync(name, version);
        await client.ConnectAsync(name, isClean, expiry);
        return client;
    }

    public async Task<DispatcherDriver> TalkJsonAsync(string name = "json")
    {
        var client = await DispatcherDriver.ConnectAsync(EndPoint(2), name);
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
        _data?.Dispose();
    }

    private IPEndPoint EndPoint(int index)
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses; // Kestrel has it.
        return IPEndPoint.Parse(new Uri(addresses.ElementAt(index)).Authority);
    }
}
