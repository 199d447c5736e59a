using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>What the cluster asks of a process that has subscribers, and tells it.</summary>
[Alias("signalbox.node-observer")]
internal interface INodeObserver : IGrainObserver
{
    /// <summary>How many of its connections would get a message of this channel now.</summary>
    ValueTask<int> CountAudienceAsync(string channel);

    /// <summary>How many of its connections a broadcast would reach now.</summary>
    ValueTask<int> CountBroadcastAudienceAsync(string? except);

    /// <summary>The channels that somebody subscribes to there.</summary>
    ValueTask<Page<ChannelEntry>> ListChannelsAsync(ListRequest request);

    /// <summary>Who is there, and who listens to which filters, has changed.</summary>
    ValueTask TellAsync(NodesNews news);

    /// <summary>A grain that the node has told something forgets it: the node has to tell it again.</summary>
    ValueTask TellAgainAsync(Told told);
}
