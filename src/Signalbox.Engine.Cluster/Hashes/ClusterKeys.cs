using Signalbox.Core.Hashes;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>The hash keys of the whole cluster.</summary>
internal sealed class ClusterKeys(NamedGrains<IHashKeyGrain> grains, NameIndexes names, GrainCalls calls)
{
    public IHashKey Find(string key) => new ClusterHashKey(grains.Find(key), calls);

    public ValueTask<Page<string>> ListAsync(ListRequest request, CancellationToken cancellationToken) =>
        names.ListAsync(NameKind.Keys, request, cancellationToken);

    public ValueTask<long> CountAsync(CancellationToken cancellationToken) =>
        names.CountAsync(NameKind.Keys, cancellationToken);

    /// <summary>Deletes the keys whose names begin so.</summary>
    public ValueTask<ClearAnswer> DeleteAllAsync(string prefix, CancellationToken cancellationToken) =>
        names.ClearAsync(NameKind.Keys, prefix, DeleteAsync, cancellationToken);

    private async ValueTask<long> DeleteAsync(string key, CancellationToken cancellationToken) =>
        (await Find(key).DeleteAsync(SetCondition.Always, cancellationToken)).Existed ? 1 : 0;
}
