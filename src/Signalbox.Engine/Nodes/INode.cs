using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Listing;

namespace Signalbox.Engine.Nodes;

/// <summary>What an engine knows of a process that has subscribers.</summary>
/// <remarks>None of this waits for a socket, so an engine may call it while it holds its own locks.</remarks>
public interface INode
{
    string Id { get; }

    /// <summary>Takes a delivery; those of one channel are passed on in the order in which they come here.</summary>
    void Post(Delivery delivery);

    /// <summary>How many connections would get a message of this channel now.</summary>
    int CountAudience(string channel);

    /// <summary>Whether any connection would get it. It costs less than to count them.</summary>
    bool HasAudience(string channel) => CountAudience(channel) > 0;

    /// <summary>How many connections a broadcast would reach now.</summary>
    int CountBroadcastAudience(string? except);

    Page<ChannelEntry> ListChannels(ListRequest request);
}
