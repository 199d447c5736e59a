namespace Signalbox.Engine.Cluster.Streams;

/// <summary>The way from this process to each node, for what is delivered.</summary>
internal interface INodeLines
{
    /// <exception cref="InboxException">The inbox did not take it.</exception>
    Task PutAsync(string node, DeliveryPack pack);

    /// <summary>Whether the node is one of the cluster's.</summary>
    bool Knows(string node);

    ValueTask<int> CountAudienceAsync(string node, string channel);
}
