namespace Signalbox.Engine.Cluster.Listing;

/// <summary>A machine whose name an index keeps.</summary>
internal interface IListedGrain : IGrainWithStringKey
{
    /// <summary>Does what is due, and tells the index how things stand.</summary>
    ValueTask TouchAsync(CancellationToken cancellationToken);
}
