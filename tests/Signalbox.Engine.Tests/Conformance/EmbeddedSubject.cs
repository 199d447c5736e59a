using Signalbox.Conformance;
using Signalbox.Conformance.Subjects;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;
using Signalbox.TestKit;

namespace Signalbox.Engine.Tests.Conformance;

/// <summary>The engine of one process, on a clock that the facts move.</summary>
public sealed class EmbeddedSubject : ISubject
{
    private readonly ManualClock _clock = new();
    private readonly EmbeddedEngine _engine;
    private readonly Node _node;
    private int _connections;

    public EmbeddedSubject()
    {
        var limits = new EngineLimits
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
        _engine = new EmbeddedEngine(_clock, new MemoryLog(), Settings.Rules, limits, EngineDurability.Default);
        _node = new Node("node 1", _engine, Settings.Rules);
    }

    public bool HasClock => true;

    public async Task StartAsync() => await _engine.JoinAsync(_node, CancellationToken.None);

    public Task<IConnection> ConnectAsync(string name) => Task.FromResult<IConnection>(
        new EngineConnection(_engine, _node, _clock, $"connection {Interlocked.Increment(ref _connections)}", name));

    public Task PassAsync(TimeSpan time)
    {
        _clock.Pass(time);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }
}
