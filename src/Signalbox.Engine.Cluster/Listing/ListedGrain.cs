using Orleans.Storage;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Machines;

namespace Signalbox.Engine.Cluster.Listing;

/// <summary>A machine that the whole cluster can list, and that is touched in time also where it is cold.</summary>
internal abstract class ListedGrain<TFact>(
    ClusterSettings settings, IGrainStorage storage, NameIndexes names, GrainCalls calls, NameKind kind)
    : MachineGrain<TFact>(settings, storage), IListedGrain
    where TFact : class
{
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(10);

    private NameEntry _entry = null!; // Set on activation, before any call.
    private Task _leaving = Task.CompletedTask;

    /// <summary>Whether there is anything to list.</summary>
    protected abstract bool Exists { get; }

    /// <summary>When what there is, or was, needs somebody to look after it.</summary>
    protected abstract DateTimeOffset? DueAt { get; }

    public async ValueTask TouchAsync(CancellationToken cancellationToken)
    {
        LookAfter(Now());
        // Where it is gone just now, the index is being told already.
        if (_leaving.IsCompleted) await TellAsync();
        else await _leaving;
        // Nothing is left of it: neither memory nor storage need keep it until the silo next collects what is idle.
        if (IsForgettable) Leave();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            var isCovered = Exists ? _entry.Covers(DueAt) : _entry.IsOut;
            if (!isCovered && !HasFailed) await TellAsync().WaitAsync(cancellationToken);
        }
        // Whatever the index suffers from: the next activation tells it.
        catch (Exception)
        {
        }

        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    protected override void Opened(bool hasStored)
    {
        // Before anything was stored the name was listed; what has nothing stored may never have been.
        bool? isListed = Exists ? true : hasStored ? null : false;
        _entry = new NameEntry(names.Of(kind, Name), Name, calls, isListed, ToldDueAt);
    }

    /// <summary>When the index touches this machine at the latest, from all that could be told before.</summary>
    protected virtual DateTimeOffset? ToldDueAt => null;

    protected string Name => this.GetPrimaryKeyString();

    /// <summary>Whether a fact may be committed that has the machine exist until then.</summary>
    protected bool IsCovered(DateTimeOffset? until) => _entry.Covers(until);

    /// <summary>Has the index cover it. Look again before anything is committed.</summary>
    protected Task<Refusal> CoverAsync(DateTimeOffset? until) => _entry.AddAsync(until);

    /// <summary>Where nothing is left to be listed, the index is told.</summary>
    protected void LeaveIfGone()
    {
        if (!Exists && !_entry.IsOut && _leaving.IsCompleted) _leaving = LeaveAsync();
    }

    /// <summary>The answer, once it is stored and the lists agree with it, if they can.</summary>
    protected async ValueTask<T> WhenListed<T>(T answer)
    {
        LeaveIfGone();
        await WhenWrittenAsync();
        await _leaving;
        return answer;
    }

    private Task TellAsync() => _entry.TellAsync(WhenWrittenAsync, () => (Exists, DueAt));

    private async Task LeaveAsync()
    {
        try
        {
            // Somebody may have begun it again meanwhile, and ended it.
            while (!Exists && !_entry.IsOut) await TellAsync();
        }
        // Whatever the index suffers from: a name too many is in the lists until it hears of it.
        catch (Exception)
        {
            WakeAt(Now() + TellAgainAfter);
        }
    }
}
