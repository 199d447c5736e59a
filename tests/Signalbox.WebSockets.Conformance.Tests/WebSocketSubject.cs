using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signalbox.Conformance;
using Signalbox.Conformance.Subjects;
using Signalbox.Engine;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Hosting;
using Signalbox.TestKit;
using SessionOptions = Signalbox.Gateways.Sessions.SessionOptions;

namespace Signalbox.WebSockets.Conformance.Tests;

/// <summary><c>/ws</c> of a real server, spoken to as any client would; the server lives on a clock that the facts move.</summary>
public sealed class WebSocketSubject : ISubject
{
    // Only a broken server ever takes so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly EngineLimits Limits = new()
    {
        MaxKeys = Settings.MaxKeys,
        Hash = new() { MaxValueBytes = Settings.MaxValueBytes, DedupeWindow = Settings.DedupeWindow },
        Channel = new() { DedupeWindow = Settings.DedupeWindow },
        Queue = new()
        {
            MaxAttempts = Settings.MaxAttempts,
            MaxItems = Settings.MaxItems,
            MaxPayloadBytes = Settings.MaxValueBytes,
            DedupeWindow = Settings.DedupeWindow,
        },
    };

    private readonly ManualClock _clock = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = new();
    private readonly WebApplication _app;

    public WebSocketSubject()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var services = builder.Services;
        services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        services.AddSingleton(Settings.Rules);
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton<IEngine>(_ => new EmbeddedEngine(_clock, new MemoryLog(), Settings.Rules, Limits, EngineDurability.Default));
        services.AddSingleton(provider => new Node("node 1", provider.GetRequiredService<IEngine>(), Settings.Rules));
        // Time passes at one stroke where a test moves it, and nobody can answer a ping meanwhile.
        var session = new SessionOptions { PingInterval = TimeSpan.FromDays(1), IdleTimeout = TimeSpan.FromDays(1) };
        services.AddSignalboxGateways(new GatewayOptions { Session = session });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, TellEnds));
        _app = builder.Build();
        _app.MapSignalboxGateways(isWholeSite: true);
    }

    public bool HasClock => true;

    public async Task StartAsync()
    {
        var engine = _app.Services.GetRequiredService<IEngine>();
        await engine.JoinAsync(_app.Services.GetRequiredService<Node>(), CancellationToken.None);
        await _app.StartAsync();
    }

    public async Task<IConnection> ConnectAsync(string name)
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        var uri = new UriBuilder(addresses!.Addresses.Single()) { Scheme = "ws", Path = "/ws" }.Uri; // Kestrel always has this feature.
        var talk = await WebSocketTalk.ConnectAsync(uri, name);
        return new WebSocketConnection(talk, WaitForEndAsync);
    }

    public Task PassAsync(TimeSpan time)
    {
        _clock.Pass(time);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // Done when nothing is left of a connection: it has left its channels and waits for no item.
    private async Task WaitForEndAsync(string connectionId)
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

    private void TellEnds(ListenOptions listen) => listen.Use(next => async connection =>
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

    private TaskCompletionSource EndOf(string connectionId) => _ends.GetOrAdd(
        connectionId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
