using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hosting;
using Signalbox.Gateways.Tcp;
using SessionOptions = Signalbox.Gateways.Sessions.SessionOptions;

namespace Signalbox.Client.Conformance.Tests.Loopback;

/// <summary>The dispatcher's port on the embedded engine, as the server has it, on a port of its own and any clock.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    // Only a broken server ever takes so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = new();

    public LoopbackServer(TimeProvider clock, ChannelRules rules, EngineLimits limits)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var services = builder.Services;
        services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        services.AddLogging();
        services.AddSingleton(rules);
        services.AddSingleton(clock);
        // Time passes at one stroke where a test moves it, and nobody can ping meanwhile.
        var session = new SessionOptions { PingInterval = TimeSpan.FromDays(1), IdleTimeout = TimeSpan.FromDays(1) };
        services.AddSignalboxGateways(new GatewayOptions { Session = session });
        services.AddSingleton<IEngine>(_ => new EmbeddedEngine(clock, new MemoryLog(), rules, limits, EngineDurability.Default));
        services.AddSingleton(provider => new Node("node 1", provider.GetRequiredService<IEngine>(), rules));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, Listen));
        _app = builder.Build();
    }

    /// <summary>Where it listens, as a client names it.</summary>
    public string Endpoint { get; private set; } = "";

    public async Task StartAsync()
    {
        var engine = _app.Services.GetRequiredService<IEngine>();
        await engine.JoinAsync(_app.Services.GetRequiredService<Node>(), CancellationToken.None);
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Endpoint = new Uri(addresses!.Addresses.Single()).Authority; // Kestrel always has this feature.
    }

    /// <summary>Done when nothing is left of a connection: it has left its channels and waits for no item.</summary>
    public async Task WaitForEndAsync(string connectionId)
    {
        try
        {
            await EndOf(connectionId).Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The client is gone, and its connection {connectionId} still lives on the server.");
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Listen(ListenOptions listen)
    {
        listen.Use(next => async connection =>
        {
            try
            {
                await next(connection);
            }
            finally
            {
                EndOf(connection.ConnectionId).TrySetResult();
            }
        });
        listen.UseConnectionHandler<TcpConnectionHandler>();
    }

    private TaskCompletionSource EndOf(string connectionId) => _ends.GetOrAdd(
        connectionId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
