using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;

namespace Signalbox.Engine.Cluster.Tests.Streams;

/// <summary>A node that keeps what it is given.</summary>
internal sealed class SeeingNode : INode
{
    private readonly List<MessageDelivery> _seen = [];
    private readonly SemaphoreSlim _more = new(0);

    public string Id => "node";

    public IEnumerable<long> Offsets => Seen().Select(delivery => delivery.Message.Offset);

    public IEnumerable<string> Channels => Seen().Select(delivery => delivery.Channel);

    public void Post(Delivery delivery)
    {
        lock (_seen) _seen.Add((MessageDelivery)delivery);
        _more.Release();
    }

    public async Task WhenSeenAsync(int count)
    {
        while (Seen().Count < count) Assert.True(await _more.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    public int CountAudience(string channel) => 0;

    public int CountBroadcastAudience(string? except) => 0;

    public Page<ChannelEntry> ListChannels(ListRequest request) => new([], null);

    private List<MessageDelivery> Seen()
    {
        lock (_seen) return [.. _seen];
    }
}
