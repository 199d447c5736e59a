using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using Signalbox.Core.Hashes;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Cluster.Journals;
using Signalbox.Engine.Cluster.Listing;
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
internal sealed class HashKeyGrain(
    ClusterSettings settings,
    [FromKeyedServices(JournalStorage.Name)] IGrainStorage storage,
    NameIndexes names,
    GrainCalls calls,
    NodeDirectory directory,
    NodeLines lines,
    ILocalSiloDetails silo)
    : ListedGrain<HashFact>(settings, storage, names, calls, NameKind.Keys), IHashKeyGrain
{
    private HashKey _machine = new(settings.Hash);
    private KeyWatchers _watchers = null!; // Set on activation, before any call.

    protected override bool Exists => _machine.HasValue(Now());

    // Without a value there may be ids to forget, and then the version, once a successor's would be greater.
    protected override DateTimeOffset? DueAt =>
        _machine.NextWakeUp ?? (Exists || IsForgettable ? null : _machine.ForgettableFrom + ClockSkew);

    // A value was never given an end before the index knew of that. Of ids it is told when the grain goes.
    protected override DateTimeOffset? ToldDueAt => _machine.Get(Now())?.ExpiresAt;

    public ValueTask<SetAnswer> SetAsync(CallTurn turn, SetRequest request) =>
        ChangeAsync(turn, () => Decide(request), static refusal => new SetAnswer(refusal, 0));

    public ValueTask<IncrementAnswer> IncrementAsync(
        CallTurn turn, IncrementRequest request) =>
        ChangeAsync(turn, () => Decide(request), static refusal => new IncrementAnswer(refusal, 0, 0));

    public ValueTask<HashValue?> GetAsync(CallTurn turn) => InOrder(turn, () =>
    {
        var now = Now();
        if (_machine.Get(now) is { } value) return WhenWritten<HashValue?>(value);

        // Whoever learns that it has expired finds it in no list either.
        LookAfter(now);
        return WhenListed<HashValue?>(null);
    });

    public ValueTask<DeleteAnswer> DeleteAsync(
        CallTurn turn, SetCondition condition) => InOrder(turn, () =>
    {
        var now = Now();
        var refusal = _machine.Delete(condition, now, out var fact);
        if (fact is not null) Happen(fact, now);
        return WhenListed(new DeleteAnswer(refusal, fact is not null));
    });

    public ValueTask<SiloAddress> AttachAsync(CallTurn turn, Attachment attachment) => InOrder<SiloAddress>(turn, () =>
    {
        _watchers.Attach(attachment);
        Keep();
        return new(silo.SiloAddress);
    });

    public async ValueTask DetachAsync(CallTurn turn, Attachment attachment)
    {
        await WhenDueAsync(turn);
        _watchers.Detach(attachment);
        Keep();
        Done(turn);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _watchers = new KeyWatchers(Name, directory, lines, Settings, WhenWrittenAsync);
        return base.OnActivateAsync(cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _watchers.End();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    protected override void Begin() => _machine = new HashKey(Settings.Hash);

    protected override void Apply(HashFact fact) => _machine.Apply(fact);

    protected override IEnumerable<HashFact> Snapshot() => _machine.Snapshot();

    protected override bool CanForget(DateTimeOffset now) => _machine.CanForget(now);

    protected override void LookAfter(DateTimeOffset now)
    {
        while (_machine.NextDue(now) is { } due) Happen(due, now);
        WakeAt(_machine.NextWakeUp);
        LeaveIfGone();
    }

    // A key that is set over and over is covered. Another is once the index has answered, if it is to be set then.
    private async ValueTask<T> ChangeAsync<T>(
        CallTurn turn, Func<(KeySet? Fact, T Answer)> decide, Func<Refusal, T> refuse)
    {
        var answer = await DecideInOrderAsync(turn, () => DecideAsync(decide, refuse));
        return await WhenWritten(answer);
    }

    private async ValueTask<T> DecideAsync<T>(Func<(KeySet? Fact, T Answer)> decide, Func<Refusal, T> refuse)
    {
        var (fact, answer) = decide();
        while (fact is not null && !IsCovered(fact.ExpiresAt))
        {
            var refusal = await CoverAsync(fact.ExpiresAt);
            if (refusal is not Refusal.None) return refuse(refusal);

            (fact, answer) = decide();
        }

        if (fact is not null) Happen(fact, Now());
        LookAfter(Now());
        return answer;
    }

    private (KeySet? Fact, SetAnswer Answer) Decide(SetRequest request)
    {
        var now = Now();
        if (!Expiry.TryResolve(request.Ttl, request.ExpiresAt, now, out var expiresAt))
        {
            return (null, new SetAnswer(Refusal.OutOfRange, 0));
        }

        var refusal = _machine.Set(
            request.Value, expiresAt, request.Condition, request.Id, now, out var fact, out var version);
        return (fact, new SetAnswer(refusal, version));
    }

    private (KeySet? Fact, IncrementAnswer Answer) Decide(IncrementRequest request)
    {
        var now = Now();
        if (!Expiry.TryResolve(request.Ttl, null, now, out var expiresAt))
        {
            return (null, new IncrementAnswer(Refusal.OutOfRange, 0, 0));
        }

        var refusal = _machine.Increment(
            request.By, expiresAt, request.Id, now, out var fact, out var sum, out var version);
        return (fact, new IncrementAnswer(refusal, sum, version));
    }

    private void Happen(HashFact fact, DateTimeOffset now)
    {
        Commit(fact);
        _watchers.Tell(fact, now);
    }

    /// <summary>Who watches is known here only: while anybody does, the grain stays.</summary>
    private void Keep() => DelayDeactivation(_watchers.HasAny ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
}
