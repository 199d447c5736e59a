using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Engine.Cluster.Listing;

/// <summary>Wakes the indexes of names when a silo starts, and again should one have been lost with its silo.</summary>
/// <remarks>Else, after all silos were stopped, nothing would expire until somebody asks for it.</remarks>
internal sealed class IndexWaker(NameIndexes names, ClusterSettings settings) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public void Participate(ISiloLifecycle lifecycle)
    {
        var ending = new CancellationTokenSource();
        var running = Task.CompletedTask;
        lifecycle.Subscribe(
            nameof(IndexWaker),
            ServiceLifecycleStage.Last,
            _ =>
            {
                running = RunAsync(ending.Token);
                return Task.CompletedTask;
            },
            async _ =>
            {
                await ending.CancelAsync();
                await running;
                ending.Dispose();
            });
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, settings.Clock);
        try
        {
            do
            {
                await Task.WhenAll(Enum.GetValues<NameKind>().SelectMany(names.All).Select(WakeAsync))
                    .WaitAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private static async Task WakeAsync(INameIndexGrain index)
    {
        try
        {
            await index.WakeAsync(CancellationToken.None);
        }
        // Whatever its silo or its storage suffers from: it is woken again in a while, or by whoever asks it.
        catch (Exception)
        {
        }
    }
}
