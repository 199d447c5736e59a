using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>One hash key of the cluster, by its name.</summary>
[Alias("signalbox.key")]
internal interface IHashKeyGrain : IListedGrain, IHashKey
{
    /// <summary>The node watches the key.</summary>
    /// <returns>The silo that the grain is on: with it the attachment is lost.</returns>
    ValueTask<SiloAddress> AttachAsync(Attachment attachment);

    ValueTask DetachAsync(Attachment attachment);
}
