using System.Collections.Concurrent;

namespace Signalbox.Engine.Cluster.Tests;

/// <summary>Writes down which of our grains were called.</summary>
internal sealed class GrainCallCounter : IIncomingGrainCallFilter
{
    private readonly ConcurrentQueue<string> _calls = [];

    /// <summary>The calls, as <c>interface.method</c>.</summary>
    public IReadOnlyList<string> All => [.. _calls];

    public void Forget() => _calls.Clear();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType is { } type && type.Assembly.GetName().Name!.StartsWith(nameof(Signalbox), StringComparison.Ordinal)) // It has a name.
        {
            _calls.Enqueue($"{type.Name}.{context.InterfaceMethod.Name}");
        }

        return context.Invoke();
    }
}
