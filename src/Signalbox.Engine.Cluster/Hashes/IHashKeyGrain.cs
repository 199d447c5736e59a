using Signalbox.Engine.Cluster.Listing;
using Signalbox.Engine.Hashes;

namespace Signalbox.Engine.Cluster.Hashes;

/// <summary>One hash key of the cluster, by its name.</summary>
[Alias("signalbox.key")]
internal interface IHashKeyGrain : IListedGrain, IHashKey;
