using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using Signalbox.Core.Hashes;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Hashes;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>What can be said to one hash key of the cluster.</summary>
/// <remarks>
/// Placed at random: where a key is first asked for says nothing about who asks next.
/// </remarks>
[Reentrant]
[RandomPlacement]
internal sealed class HashKeyGrain(
    ClusterSettings settings, [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage)
    : MachineGrain<HashFact>(settings, storage), IHashKeyGrain
{
    private readonly HashLimits _limits = settings.Hash;
    private HashKey _machine = new(settings.Hash);

    public ValueTask<SetAnswer> SetAsync(SetRequest request, CancellationToken cancellationToken)
    {
        var now = Now();
        if (!Expiry.TryResolve(request.Ttl, request.ExpiresAt, now, out var expiresAt))
        {
            return new(new SetAnswer(Refusal.OutOfRange, 0));
        }

        var refusal = _machine.Set(
            request.Value, expiresAt, request.Condition, request.Id, now, out var fact, out var version);
        if (fact is not null) Commit(fact);
        WakeAt(_machine.NextWakeUp);
        return WhenWritten(new SetAnswer(refusal, version));
    }

    public ValueTask<HashValue?> GetAsync(CancellationToken cancellationToken) => WhenWritten(_machine.Get(Now()));

    public ValueTask<DeleteAnswer> DeleteAsync(SetCondition condition, CancellationToken cancellationToken)
    {
        var refusal = _machine.Delete(condition, Now(), out var fact);
        if (fact is not null) Commit(fact);
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
        if (fact is not null) Commit(fact);
        WakeAt(_machine.NextWakeUp);
        return WhenWritten(new IncrementAnswer(refusal, sum, version));
    }

    protected override void Begin() => _machine = new HashKey(_limits);

    protected override void Apply(HashFact fact) => _machine.Apply(fact);

    protected override IEnumerable<HashFact> Snapshot() => _machine.Snapshot();

    protected override bool CanForget(DateTimeOffset now) => _machine.CanForget(now);

    protected override void LookAfter(DateTimeOffset now)
    {
        while (_machine.NextDue(now) is { } due) Commit(due);
        WakeAt(_machine.NextWakeUp);
    }
}
