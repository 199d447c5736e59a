using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Signalbox.Engine.Cluster.Forms;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.TestKit;

namespace Signalbox.Engine.Cluster.Tests.Forms;

/// <summary>Starts silos as far as they are checked, beside those that a list names and on one storage.</summary>
internal sealed class StartDriver
{
    private static readonly GrainId Place = GrainId.Create("signalbox", "names");

    private readonly ManualClock _clock = new();

    public TestStorage Storage { get; } = new();

    public SiloList Silos { get; } = new();

    public void Run(int port, string name, SiloStatus status = SiloStatus.Active, TimeSpan silentFor = default) =>
        Silos.Add(port, name, status, (_clock.GetUtcNow() - silentFor).UtcDateTime);

    /// <summary>What a release has stored that knew nothing of forms, or of this form.</summary>
    public Task StoreAsync(StoredLayout layout) =>
        Storage.WriteStateAsync("layout", Place, new Stored<StoredLayout> { State = layout });

    public async Task<int> StoredFormAsync()
    {
        var stored = new Stored<StoredLayout>();
        await Storage.ReadStateAsync("layout", Place, stored);
        return stored.RecordExists ? stored.State.Form : 0;
    }

    public async Task StartAsync(int form)
    {
        var check = new StartCheck(
            ClusterSettings.Default with { Form = form },
            Silos,
            Options.Create(new ClusterMembershipOptions()),
            _clock,
            Storage);
        var lifecycle = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        check.Participate(lifecycle);
        await lifecycle.OnStart(CancellationToken.None);
    }

    /// <returns>What it says.</returns>
    public async Task<string> RefusedAsync(int form) =>
        (await Assert.ThrowsAsync<ClusterRefusedException>(() => StartAsync(form))).Message;
}
