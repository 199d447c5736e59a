using System.Diagnostics;
using Signalbox.Engine.Cluster.Nodes;

namespace Signalbox.Engine.Cluster.Tests;

/// <summary>Writes down which of our grains have answered what, and lets tests wait for it.</summary>
/// <remarks>
/// Silos and nodes renew themselves in the list of nodes by the wall clock, whatever a test does: that can be waited for,
/// but is not among what the test brought about.
/// </remarks>
internal sealed class GrainCallCounter : IIncomingGrainCallFilter
{
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];
    private readonly List<(string Call, int Count, TaskCompletionSource Reached)> _waiting = [];

    /// <summary>The calls that a test brought about, as <c>interface.method</c>.</summary>
    public IReadOnlyList<string> All
    {
        get
        {
            lock (_gate) return [.. _calls.Where(call => !call.StartsWith(nameof(INodesGrain), StringComparison.Ordinal))];
        }
    }

    public void Forget()
    {
        lock (_gate) _calls.Clear();
    }

    /// <summary>Done when so many of these calls were answered since the last time that all were forgotten.</summary>
    public async Task WaitForAsync(string call, int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((call, count, reached));
            Tell();
        }

        try
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Not {count} of {call}, but: {string.Join(", ", All)}");
        }
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        var type = context.InterfaceMethod.DeclaringType ?? throw new UnreachableException("It is of an interface.");
        if (type.Namespace?.StartsWith(nameof(Signalbox), StringComparison.Ordinal) != true) return;

        lock (_gate)
        {
            _calls.Add($"{type.Name}.{context.InterfaceMethod.Name}");
            Tell();
        }
    }

    private void Tell()
    {
        foreach (var (call, count, reached) in _waiting)
        {
            if (_calls.Count(one => one == call) >= count) reached.TrySetResult();
        }
    }
}
