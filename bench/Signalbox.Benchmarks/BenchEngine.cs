using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;

namespace Signalbox.Benchmarks;

/// <summary>An embedded engine with its node, and no sockets: what is measured is ours alone.</summary>
internal sealed class BenchEngine : IDisposable
{
    public BenchEngine()
    {
        Engine = new EmbeddedEngine(TimeProvider.System, new MemoryLog(), ChannelRules.Default, EngineLimits.Default, EngineDurability.Default);
        Node = new Node("bench", Engine, ChannelRules.Default);
    }

    public EmbeddedEngine Engine { get; }

    public Node Node { get; }

    public async Task JoinAsync() => await Engine.JoinAsync(Node, CancellationToken.None);

    public void Dispose() => Engine.Dispose();
}
