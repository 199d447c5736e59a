using Signalbox.Conformance;
using Signalbox.Conformance.Subjects;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Tests.Conformance;

/// <summary>Names of its own in the cluster of two silos; who connects comes by one, the other, or a client.</summary>
public sealed class ClusterSubject : ISubject
{
    private static int _subjects;

    private readonly string _prefix = $"s{Interlocked.Increment(ref _subjects)}/";
    private readonly List<(IEngine Engine, Node Node)> _nodes = [];
    private TwoSilos _silos = null!; // Set when it starts, before anybody connects.
    private int _connections;

    public bool HasClock => true;

    public bool IsAlone => false;

    public async Task StartAsync()
    {
        _silos = (await TestContext.Current.GetFixture<TwoSilos>())!; // The assembly has it.
        foreach (var silo in _silos.Engines)
        {
            var engine = new PrefixedEngine(silo, _prefix);
            var node = new Node($"{_prefix}node {_nodes.Count}", engine, Settings.Rules);
            await engine.JoinAsync(node, CancellationToken.None);
            _nodes.Add((engine, node));
        }
    }

    public Task<IConnection> ConnectAsync(string name)
    {
        var number = Interlocked.Increment(ref _connections);
        var (engine, node) = _nodes[number % _nodes.Count];
        return Task.FromResult<IConnection>(
            new EngineConnection(engine, node, _silos.Clock, $"connection {number}", name));
    }

    public Task PassAsync(TimeSpan time)
    {
        _silos.Clock.Pass(time);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (engine, node) in _nodes) await engine.LeaveAsync(node, CancellationToken.None);
    }
}
