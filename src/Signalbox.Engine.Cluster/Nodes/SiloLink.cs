using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>Keeps a silo's directory of nodes up to date, for the grains that it has.</summary>
internal sealed class SiloLink(
    NodeDirectory directory,
    ClusterSettings settings,
    IGrainFactory grains,
    ILocalSiloDetails silo,
    IClusterMembershipService membership) : INodeObserver, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private Task _renewing = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(SiloLink), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public ValueTask TellAsync(NodesNews news)
    {
        directory.Take(news);
        return ValueTask.CompletedTask;
    }

    // A silo by itself has no subscribers.
    public ValueTask<int> CountAudienceAsync(string channel) => new(0);

    public ValueTask<int> CountBroadcastAudienceAsync(string? except) => new(0);

    public ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request) => new(new Page<ChannelEntry>([], null));

    public ValueTask TellAgainAsync(Told told) => ValueTask.CompletedTask;

    public void Dispose() => _over.Dispose();

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var entry = new NodeEntry(
            $"silo {silo.SiloAddress.ToParsableString()}",
            silo.SiloAddress,
            grains.CreateObjectReference<INodeObserver>(this),
            TakesDeliveries: false,
            Release.Version);
        // Before the first grain decides whom to send something to.
        await RenewAsync(entry);
        _renewing = RenewForeverAsync(entry);
        _watching = WatchSilosAsync();
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _over.CancelAsync();
        await Task.WhenAll(_renewing, _watching);
    }

    private async Task RenewForeverAsync(NodeEntry entry)
    {
        using var timer = new PeriodicTimer(settings.NodeRenewal);
        while (await TickAsync(timer)) await RenewAsync(entry);
    }

    private async Task<bool> TickAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_over.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RenewAsync(NodeEntry entry)
    {
        try
        {
            if (await grains.GetGrain<INodesGrain>(0).RenewAsync(entry) is { } news) directory.Take(news);
        }
        // The list is not to be had while its silo dies: the next renewal finds it elsewhere.
        catch (Exception e) when (e is OrleansException or TimeoutException or OperationCanceledException)
        {
        }
    }

    private async Task WatchSilosAsync()
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(_over.Token))
            {
                foreach (var member in snapshot.Members.Values)
                {
                    if (member.Status == SiloStatus.Dead) directory.Lose(member.SiloAddress);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }
}
