using Signalbox.Core.Hashes;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Hashes;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>One hash key, which is asked again where its silo was lost and a repeat does no harm.</summary>
internal sealed class ClusterHashKey(IHashKeyGrain grain, GrainCalls calls) : IHashKey
{
    public ValueTask<SetAnswer> SetAsync(SetRequest request, CancellationToken cancellationToken) => request.Id is null
        ? calls.AskOnceAsync(grain, request, static (grain, turn, request) => grain.SetAsync(turn, request))
        : calls.AskAsync(
            grain, request, static (grain, turn, request) => grain.SetAsync(turn, request), cancellationToken);

    public ValueTask<HashValue?> GetAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(grain, 0, static (grain, turn, _) => grain.GetAsync(turn), cancellationToken);

    // On a condition a repeat would find that the first has changed what it hangs on.
    public ValueTask<DeleteAnswer> DeleteAsync(SetCondition condition, CancellationToken cancellationToken) =>
        condition.Kind is not SetConditionKind.Always
            ? calls.AskOnceAsync(grain, condition, static (grain, turn, condition) => grain.DeleteAsync(turn, condition))
            : calls.AskAsync(grain, turn => grain.DeleteAsync(turn, condition), cancellationToken);

    public ValueTask<IncrementAnswer> IncrementAsync(IncrementRequest request, CancellationToken cancellationToken) =>
        request.Id is null
            ? calls.AskOnceAsync(grain, request, static (grain, turn, request) => grain.IncrementAsync(turn, request))
            : calls.AskAsync(
                grain, request, static (grain, turn, request) => grain.IncrementAsync(turn, request), cancellationToken);
}
