using Signalbox.Core.Refusals;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Cluster.Listing;

/// <summary>One part of the names of a kind, by the kind and the number of the part.</summary>
[Alias("signalbox.names")]
internal interface INameIndexGrain : IGrainWithStringKey
{
    /// <summary>There may be a machine of this name from now on; it is touched when it is due.</summary>
    ValueTask<Refusal> AddAsync(string name, DateTimeOffset? dueAt, CancellationToken cancellationToken);

    /// <summary>There is none now; what it has left behind is touched when it is due.</summary>
    ValueTask RemoveAsync(string name, DateTimeOffset? dueAt, CancellationToken cancellationToken);

    ValueTask<Page<string>> PageAsync(ListRequest request, CancellationToken cancellationToken);

    ValueTask<int> CountAsync(CancellationToken cancellationToken);

    /// <summary>Be there, and do what is due.</summary>
    ValueTask WakeAsync(CancellationToken cancellationToken);
}
