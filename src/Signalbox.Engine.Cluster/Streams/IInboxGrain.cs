namespace Signalbox.Engine.Cluster.Streams;

/// <summary>Where a node's deliveries come in, on its own silo: by the node's id.</summary>
[Alias("signalbox.inbox")]
internal interface IInboxGrain : IGrainWithStringKey
{
    /// <returns>False where it was not open: what came meanwhile was not taken.</returns>
    ValueTask<bool> OpenAsync();

    ValueTask<PutAnswer> PutAsync(DeliveryPack pack);

    ValueTask<InboxCount> CountAsync();

    ValueTask CloseAsync();
}
