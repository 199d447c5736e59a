using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Tests.Durability;

/// <summary>A node that writes down what comes, on the thread on which it comes.</summary>
internal sealed class RecordingNode : INode
{
    private readonly List<Delivery> _posted = [];

    public string Id => "recording";

    public IReadOnlyList<Delivery> Posted
    {
        get
        {
            lock (_posted) return [.. _posted];
        }
    }

    public IEnumerable<long> Offsets => Posted.OfType<MessageDelivery>().Select(delivery => delivery.Message.Offset);

    public void Post(Delivery delivery)
    {
        lock (_posted) _posted.Add(delivery);
    }

    public int CountAudience(string channel) => 1;

    public int CountBroadcastAudience(string? except) => 1;

    public Page<ChannelEntry> ListChannels(ListRequest request) => new([], null);
}
