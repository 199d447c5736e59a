namespace Signalbox.Engine.Cluster.Machines;

/// <summary>Tells the grains of a silo that it is about to stop, before Orleans begins to take them down.</summary>
internal sealed class SiloEnding : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _begun = new();

    public CancellationToken Begun => _begun.Token;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SiloEnding), ServiceLifecycleStage.Last, static _ => Task.CompletedTask, _ => _begun.CancelAsync());

    public void Dispose() => _begun.Dispose();
}
