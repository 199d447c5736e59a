using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Signalbox.Gates;

namespace Signalbox.Engine.Cluster.Machines;

/// <summary>
/// Notices that this silo stood still for so long that the others may have gone on without it, and then has answers wait
/// until it has read that they have not.
/// </summary>
/// <remarks>
/// What is in memory may be old by then: the same grains may be elsewhere, and have changed. Writes need none of this,
/// since storage refuses them. Safe for many threads.
/// </remarks>
internal sealed class Standstill(
    IClusterMembershipService membership,
    ILocalSiloDetails silo,
    IOptions<ClusterMembershipOptions> options,
    TimeProvider time)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly Gate _gate = new(GateRank.Standstill);
    private readonly CancellationTokenSource _over = new();
    private Task _watching = Task.CompletedTask;
    private Task _asking = Task.CompletedTask;
    private long _lastSure = time.GetTimestamp();

    /// <summary>Whether this silo has been running all the time, as far as anybody else can tell.</summary>
    public bool IsRuledOut => time.GetElapsedTime(Volatile.Read(ref _lastSure)) < Bound;

    // Half of the time after which the others give it up.
    private TimeSpan Bound { get; } = options.Value.ProbeTimeout * options.Value.NumMissedProbesLimit / 2;

    /// <exception cref="LogFailedException">The others have gone on without it, or nobody knows.</exception>
    public Task WhenRuledOutAsync()
    {
        Task<Task> asking;
        using (_gate.Enter())
        {
            if (IsRuledOut) return Task.CompletedTask;
            if (!_asking.IsCompleted) return _asking;

            asking = new Task<Task>(AskAsync);
            _asking = asking.Unwrap();
        }

        // Outside of the gate: the list of silos is asked for, which may answer at once.
        asking.RunSynchronously(TaskScheduler.Current);
        return asking.Unwrap();
    }

    // It begins before the first grain and ends after the last.
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(Standstill),
        ServiceLifecycleStage.RuntimeInitialize,
        _ =>
        {
            _watching = WatchAsync();
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _over.CancelAsync();
            await _watching;
        });

    public void Dispose() => _over.Dispose();

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Bound / 4, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token))
            {
                using (_gate.Enter())
                {
                    // What is in doubt stays so until somebody needs to know.
                    if (IsRuledOut) _lastSure = time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task AskAsync()
    {
        var asked = time.GetTimestamp();
        try
        {
            await membership.Refresh();
        }
        // Whatever the list of silos suffers from.
        catch (Exception unknown)
        {
            throw new LogFailedException("This silo stood still: nobody knows whether the others went on.", unknown);
        }

        if (membership.CurrentSnapshot.GetSiloStatus(silo.SiloAddress) is SiloStatus.Dead)
        {
            throw new LogFailedException("This silo stood still: the others went on without it.", null);
        }

        using (_gate.Enter()) _lastSure = asked;
    }
}
