using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using Signalbox.Core.Hashes;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Cluster.Nodes;
using Signalbox.Engine.Cluster.Streams;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>What can be said to one hash key of the cluster.</summary>
/// <remarks>
/// Placed at random: where a key is first asked for says nothing about who asks next.
/// </remarks>
[Reentrant]
[RandomPlacement]
internal sealed class HashKeyGrain : MachineGrain<HashFact>, IHashKeyGrain
{
    private readonly HashLimits _limits;
    private readonly SiloAddress _home;
    private readonly KeyWatchers _watchers;
    private HashKey _machine;

    public HashKeyGrain(
        ClusterSettings settings,
        [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage,
        NodeDirectory directory,
        NodeLines lines,
        ILocalSiloDetails silo)
        : base(settings, storage)
    {
        _limits = settings.Hash;
        _home = silo.SiloAddress;
        _watchers = new KeyWatchers(this.GetPrimaryKeyString(), directory, lines, settings, WhenWritten);
        _machine = new HashKey(_limits);
    }

    public ValueTask<SetAnswer> SetAsync(SetRequest request, CancellationToken cancellationToken)
    {
        var now = Now();
        if (!Expiry.TryResolve(request.Ttl, request.ExpiresAt, now, out var expiresAt))
        {
            return new(new SetAnswer(Refusal.OutOfRange, 0));
        }

        var refusal = _machine.Set(
            request.Value, expiresAt, request.Condition, request.Id, now, out var fact, out var version);
        if (fact is not null) Happen(fact, now);
        WakeAt(_machine.NextWakeUp);
        return WhenWritten(new SetAnswer(refusal, version));
    }

    public ValueTask<HashValue?> GetAsync(CancellationToken cancellationToken) => WhenWritten(_machine.Get(Now()));

    public ValueTask<DeleteAnswer> DeleteAsync(SetCondition condition, CancellationToken cancellationToken)
    {
        var now = Now();
        var refusal = _machine.Delete(condition, now, out var fact);
        if (fact is not null) Happen(fact, now);
        return WhenWritten(new DeleteAnswer(refusal, fact is not null));
    }

    public ValueTask<IncrementAnswer> IncrementAsync(IncrementRequest request, CancellationToken cancellationToken)
    {
        var now = Now();
        if (!Expiry.TryResolve(request.Ttl, null, now, out var expiresAt))
        {
            return new(new IncrementAnswer(Refusal.OutOfRange, 0, 0));
        }

        var refusal = _machine.Increment(
            request.By, expiresAt, request.Id, now, out var fact, out var sum, out var version);
        if (fact is not null) Happen(fact, now);
        WakeAt(_machine.NextWakeUp);
        return WhenWritten(new IncrementAnswer(refusal, sum, version));
    }

    public ValueTask<SiloAddress> AttachAsync(Attachment attachment)
    {
        _watchers.Attach(attachment);
        Keep();
        return new(_home);
    }

    public ValueTask DetachAsync(Attachment attachment)
    {
        _watchers.Detach(attachment);
        Keep();
        return ValueTask.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _watchers.End();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    protected override void Begin() => _machine = new HashKey(_limits);

    protected override void Apply(HashFact fact) => _machine.Apply(fact);

    protected override IEnumerable<HashFact> Snapshot() => _machine.Snapshot();

    protected override bool CanForget(DateTimeOffset now) => _machine.CanForget(now);

    protected override void LookAfter(DateTimeOffset now)
    {
        while (_machine.NextDue(now) is { } due) Happen(due, now);
        WakeAt(_machine.NextWakeUp);
    }

    private void Happen(HashFact fact, DateTimeOffset now)
    {
        Commit(fact);
        _watchers.Tell(fact, now);
    }

    /// <summary>Who watches is known here only: while anybody does, the grain stays.</summary>
    private void Keep() => DelayDeactivation(_watchers.HasAny ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
}
