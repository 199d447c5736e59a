using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>The HTTP port in this process, on a free port of the loopback, and a publisher that needs no connection.</summary>
internal sealed class SseHost : IAsyncDisposable
{
    private readonly List<SseReader> _readers = [];
    private readonly WebApplication _app;
    private readonly EmbeddedEngine _engine;

    private SseHost(HostPlan plan)
    {
        var rules = new ChannelRules([.. plan.Rules], ChannelOptions.Default);
        _engine = new EmbeddedEngine(plan.Clock, plan.Log, rules, plan.Limits, EngineDurability.Default);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IEngine>(_engine);
        builder.Services.AddSingleton(rules);
        builder.Services.AddSingleton(plan.Clock);
        builder.Services.AddSingleton(new Node(DispatcherHost.NodeId, _engine, rules));
        var options = new GatewayOptions { Http = plan.Http, Sse = plan.Sse, Session = plan.Session, Hooks = plan.Hooks };
        builder.Services.AddSignalboxGateways(options);
        builder.WebHost.UseTransport(TransportKind.Auto, DispatcherHost.SendBuffer(plan.SendBufferBytes));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (plan.Certificate is not null) listen.UseHttps(plan.Certificate);
            if (plan.CanTakeOver) Takeover.Use(listen);
        }));
        _app = builder.Build();
        _app.MapSignalboxGateways(isWholeSite: true);
    }

    public int StreamCount => _app.Services.GetRequiredService<SessionRegistry>().Count;

    public Uri Address
    {
        get
        {
            var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!; // Kestrel has it.
            return new Uri(addresses.Addresses.Single());
        }
    }

    public static async Task<SseHost> StartAsync(Action<HostPlan>? change = null)
    {
        var plan = new HostPlan();
        change?.Invoke(plan);
        var host = new SseHost(plan);
        await host._engine.JoinAsync(host._app.Services.GetRequiredService<Node>(), CancellationToken.None);
        await host._app.StartAsync();
        return host;
    }

    /// <summary>Opens a stream, and takes its first event.</summary>
    /// <param name="lastId">Where an earlier one broke off; null where there was none.</param>
    public async Task<SseReader> OpenAsync(string query, string? lastId = null, string name = "reader", HttpClient? client = null)
    {
        var reader = await SseReader.OpenAsync(new Uri(Address, "/sse?" + query), name, lastId, client);
        lock (_readers) _readers.Add(reader);
        return reader;
    }

    public Task<long> PublishAsync(string channel, string text, bool retain = false) =>
        PublishAsync(channel, new Payload(Encoding.UTF8.GetBytes(text), PayloadKind.Text), retain);

    public Task<long> PublishJsonAsync(string channel, string json) =>
        PublishAsync(channel, new Payload(Encoding.UTF8.GetBytes(json), PayloadKind.Json), retain: false);

    public async Task BroadcastAsync(string text) =>
        await _engine.BroadcastAsync(
            new BroadcastDelivery(new Payload(Encoding.UTF8.GetBytes(text), PayloadKind.Text), Headers.None, "test", null),
            CancellationToken.None);

    public async Task<IReadOnlyList<Member>> PresenceAsync(string channel) =>
        (await _engine.Channel(channel).PresenceAsync(CancellationToken.None)).Members;

    /// <summary>Stops as the server does at a signal; completes when every connection is closed.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers) await reader.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _engine.Dispose();
    }

    private async Task<long> PublishAsync(string channel, Payload payload, bool retain)
    {
        var request = new PublishRequest(payload, Headers.None, "test", null, retain, null);
        return (await _engine.Channel(channel).PublishAsync(request, CancellationToken.None)).Offset;
    }
}
