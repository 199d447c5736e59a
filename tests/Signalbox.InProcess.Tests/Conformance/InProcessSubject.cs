using Signalbox.Conformance;
using Signalbox.Conformance.Subjects;
using Signalbox.Engine.Embedded;

namespace Signalbox.InProcess.Tests.Conformance;

/// <summary>The API for code in the process, on a clock that the facts move.</summary>
public sealed class InProcessSubject : ISubject
{
    private readonly TestEngine _engine = new(Settings.Rules, new EngineLimits
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
    });

    public bool HasClock => true;

    public Task StartAsync() => _engine.JoinAsync();

    public Task<IConnection> ConnectAsync(string name) =>
        Task.FromResult<IConnection>(new InProcessConnection(_engine.Connect(name), name));

    public Task PassAsync(TimeSpan time)
    {
        _engine.Clock.Pass(time);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }
}
