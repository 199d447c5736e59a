using Signalbox.Core.Hashes;
using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Cluster.Machines;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>One hash key of the cluster, by its name.</summary>
[Alias("signalbox.key")]
internal interface IHashKeyGrain : IListedGrain
{
    ValueTask<SetAnswer> SetAsync(CallTurn turn, SetRequest request);

    ValueTask<HashValue?> GetAsync(CallTurn turn);

    ValueTask<DeleteAnswer> DeleteAsync(CallTurn turn, SetCondition condition);

    ValueTask<IncrementAnswer> IncrementAsync(
        CallTurn turn, IncrementRequest request);

    /// <summary>The node watches the key.</summary>
    /// <returns>The silo that the grain is on: with it the attachment is lost.</returns>
    ValueTask<SiloAddress> AttachAsync(CallTurn turn, Attachment attachment);

    ValueTask DetachAsync(CallTurn turn, Attachment attachment);
}
