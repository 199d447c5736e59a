using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Engine.Cluster.Listing;

/// <summary>Keeps a silo from starting that would look for names elsewhere than they were put.</summary>
internal sealed class IndexLayoutCheck(
    ClusterSettings settings, [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly GrainId Place = GrainId.Create("signalbox", "names");

    // Not before the silo is active, for storage in memory lies in grains; and before it takes clients.
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(IndexLayoutCheck), ServiceLifecycleStage.Active, _ => CheckAsync());

    private async Task CheckAsync()
    {
        var layout = await ReadAsync();
        if (!layout.RecordExists)
        {
            layout.State.Parts = settings.IndexParts;
            try
            {
                await storage.WriteStateAsync("layout", Place, layout);
            }
            catch (InconsistentStateException)
            {
                // The first silos of a cluster start together.
                layout = await ReadAsync();
            }
        }

        if (layout.State.Parts != settings.IndexParts)
        {
            throw new InvalidOperationException(
                $"{nameof(ClusterSettings.IndexParts)} is {settings.IndexParts}, but the names in storage are divided "
                + $"into {layout.State.Parts} parts: it must stay as it was when the first key or queue was stored.");
        }
    }

    private async Task<Stored<IndexLayout>> ReadAsync()
    {
        var layout = new Stored<IndexLayout>();
        await storage.ReadStateAsync("layout", Place, layout);
        return layout;
    }
}
