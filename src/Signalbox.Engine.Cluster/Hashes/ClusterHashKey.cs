using Signalbox.Core.Hashes;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Hashes;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>One hash key, which is asked again where its silo was lost and a repeat does no harm.</summary>
internal sealed class ClusterHashKey(IHashKeyGrain grain, GrainCalls calls) : IHashKey
{
    public ValueTask<SetAnswer> SetAsync(SetRequest request, CancellationToken cancellationToken) => request.Id is null
        ? GrainCalls.AskOnceAsync(grain.SetAsync(request, cancellationToken))
        : calls.AskAsync(() => grain.SetAsync(request, cancellationToken), cancellationToken);

    public ValueTask<HashValue?> GetAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(() => grain.GetAsync(cancellationToken), cancellationToken);

    // On a condition a repeat would find that the first has changed what it hangs on.
    public ValueTask<DeleteAnswer> DeleteAsync(SetCondition condition, CancellationToken cancellationToken) =>
        condition.Kind is not SetConditionKind.Always
            ? GrainCalls.AskOnceAsync(grain.DeleteAsync(condition, cancellationToken))
            : calls.AskAsync(() => grain.DeleteAsync(condition, cancellationToken), cancellationToken);

    public ValueTask<IncrementAnswer> IncrementAsync(IncrementRequest request, CancellationToken cancellationToken) =>
        request.Id is null
            ? GrainCalls.AskOnceAsync(grain.IncrementAsync(request, cancellationToken))
            : calls.AskAsync(() => grain.IncrementAsync(request, cancellationToken), cancellationToken);
}
