using Signalbox.Core.Queues;

namespace Signalbox.Engine.Cluster.Queues;

/// <summary>One call of a pop, and what has become of it.</summary>
internal sealed class PopAsked(PopAsk ask)
{
    public PopAsk Ask => ask;

    /// <summary>Null where it does not wait.</summary>
    public PopWaiter? Waiter { get; set; }

    /// <summary>Of its place in the line, while it waits.</summary>
    public WaiterTicket Ticket { get; set; }

    /// <summary>Of what it was given; null where that is nothing.</summary>
    public Receipt? Receipt { get; set; }
}
