using Signalbox.Conformance;
using Signalbox.Conformance.Subjects;
using Signalbox.Core.Queues;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Tests.Conformance;

/// <summary>Names of its own in the cluster of two silos; who connects comes by one, the other, or a client.</summary>
public sealed class ClusterSubject : ISubject
{
    private static int _subjects;

    private readonly string _prefix = $"subject {Interlocked.Increment(ref _subjects)}/";
    private TwoSilos _silos = null!; // Set when it starts, before anybody connects.
    private int _connections;

    public bool HasClock => true;

    public bool IsAlone => false;

    public async Task StartAsync() =>
        _silos = (await TestContext.Current.GetFixture<TwoSilos>())!; // The assembly has it.

    public async Task<IConnection> ConnectAsync(string name)
    {
        var number = Interlocked.Increment(ref _connections);
        var engine = new EngineSoFar(_silos.Engines[number % _silos.Engines.Count], _prefix);
        var node = new Node($"node {number}", engine, Settings.Rules);
        // Orleans lets calls overtake each other while it looks for their grain, and some facts begin with a pop that
        // nobody awaits.
        await engine.Queue("work", QueuePart.Live).CountAsync(CancellationToken.None);
        return new EngineConnection(engine, node, _silos.Clock, $"connection {number}", name);
    }

    public Task PassAsync(TimeSpan time)
    {
        _silos.Clock.Pass(time);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
