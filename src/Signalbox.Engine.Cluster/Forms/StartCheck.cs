using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Forms;

/// <summary>Keeps a silo from starting beside silos that it would not understand, and on storage that it would misread.
/// </summary>
internal sealed class StartCheck(
    ClusterSettings settings,
    IMembershipTable members,
    IOptions<ClusterMembershipOptions> membership,
    TimeProvider time,
    [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly GrainId Place = GrainId.Create("signalbox", "names");

    private string Self => $"this version, {Release.Version}, is of form {settings.Form}";

    public void Participate(ISiloLifecycle lifecycle)
    {
        // When there is a list of silos, and before this one is in it: silos that go on working are not troubled.
        lifecycle.Subscribe(nameof(StartCheck), ServiceLifecycleStage.RuntimeGrainServices + 1, _ => CheckSilosAsync(hasJoined: false));
        // And again when it is in the list: of two that start at once one sees the other, at least. Storage not before
        // the silo is active, for in memory it lies in grains; and all this before clients are taken.
        lifecycle.Subscribe(nameof(StartCheck), ServiceLifecycleStage.Active, async _ =>
        {
            await CheckSilosAsync(hasJoined: true);
            await CheckStorageAsync();
        });
    }

    private async Task CheckSilosAsync(bool hasJoined)
    {
        var table = await members.ReadAllAsync();
        var all = table.Members.Select(member => member.Item1);
        if (Strangers.Find(all, settings.Form, time.GetUtcNow(), membership.Value) is not { } others) return;

        var cure = others.Form < settings.Form
            ? "Stop them all before the first silo of this version starts."
            : $"Start a version of form {others.Form} in its place.";
        throw new ClusterRefusedException(
            $"Silos of form {others.Form} are running at {others.Addresses}, and {Self}. {cure}") { HasJoined = hasJoined };
    }

    // No silo of another form is there: so a form that is higher than what is stored becomes that of the storage.
    private async Task CheckStorageAsync()
    {
        while (true)
        {
            var stored = await ReadAsync();
            if (stored.RecordExists)
            {
                Check(stored.State);
                if (stored.State.Form == settings.Form) return;
            }

            stored.State.Parts = settings.IndexParts;
            stored.State.Form = settings.Form;
            try
            {
                await storage.WriteStateAsync("layout", Place, stored);
                return;
            }
            catch (InconsistentStateException)
            {
                // Silos start together: what the other has written is looked at.
            }
        }
    }

    private void Check(StoredLayout stored)
    {
        if (stored.Form > settings.Form)
        {
            throw new ClusterRefusedException(
                $"What is stored is of form {stored.Form}, and {Self}. Start the version that was running last, or a later one.")
            {
                HasJoined = true,
            };
        }

        if (stored.Parts != settings.IndexParts)
        {
            throw new ClusterRefusedException(
                $"{nameof(ClusterSettings.IndexParts)} is {settings.IndexParts}, but the names in storage are divided "
                + $"into {stored.Parts} parts: it must stay as it was when the first key or queue was stored.")
            {
                HasJoined = true,
            };
        }
    }

    private async Task<Stored<StoredLayout>> ReadAsync()
    {
        var layout = new Stored<StoredLayout>();
        await storage.ReadStateAsync("layout", Place, layout);
        return layout;
    }
}
