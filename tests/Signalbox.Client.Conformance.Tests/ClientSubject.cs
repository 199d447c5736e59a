using Signalbox.Client.Conformance.Tests.Loopback;
using Signalbox.Conformance;
using Signalbox.Conformance.Subjects;
using Signalbox.Engine.Embedded;
using Signalbox.TestKit;

namespace Signalbox.Client.Conformance.Tests;

/// <summary>The client library on the dispatcher's port of a real server; both live on a clock that the facts move.</summary>
public sealed class ClientSubject : ISubject
{
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
    private readonly LoopbackServer _server;

    public ClientSubject() => _server = new LoopbackServer(_clock, Settings.Rules, Limits);

    public bool HasClock => true;

    public Task StartAsync() => _server.StartAsync();

    public async Task<IConnection> ConnectAsync(string name)
    {
        var options = new SignalboxClientOptions { Name = name, TimeProvider = _clock, Endpoints = { _server.Endpoint } };
        var connection = new ClientConnection(_server, new SignalboxClient(options), name);
        await connection.ConnectAsync();
        return connection;
    }

    public Task PassAsync(TimeSpan time)
    {
        _clock.Pass(time);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
