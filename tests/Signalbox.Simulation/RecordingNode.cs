using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;

namespace Signalbox.Simulation;

/// <summary>A node that writes down what comes.</summary>
internal sealed class RecordingNode : INode
{
    private readonly List<Delivery> _posted = [];

    public string Id => "recording";

    public IReadOnlyList<Delivery> Posted => _posted;

    public void Post(Delivery delivery) => _posted.Add(delivery);

    public int CountAudience(string channel) => 1;

    public int CountBroadcastAudience(string? except) => 1;

    public Page<ChannelEntry> ListChannels(ListRequest request) => new([], null);
}
