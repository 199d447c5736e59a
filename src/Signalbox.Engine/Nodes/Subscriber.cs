using Signalbox.Engine.Deliveries;

namespace Signalbox.Engine.Nodes;

/// <summary>One connection, as its node sees it. A gateway derives from it what its protocol needs.</summary>
public abstract class Subscriber(string id, string peer)
{
    private int _subscriptions;
    private int _filters;

    /// <summary>The connection's name, the same in presence, deliveries and logs.</summary>
    public string Id { get; } = id;

    /// <summary>Where it comes from, as <c>address:port</c>.</summary>
    public string Peer { get; } = peer;

    /// <summary>The batch it got last, so that overlapping subscriptions give one copy. The pump's own.</summary>
    internal long LastBatch { get; set; }

    internal bool Listens => Volatile.Read(ref _subscriptions) > 0;

    /// <summary>Whether any of its subscriptions is a filter.</summary>
    internal bool HasFilters => Volatile.Read(ref _filters) > 0;

    /// <summary>Whether it gets what is for everybody who subscribes to anything.</summary>
    protected internal virtual bool TakesBroadcasts => true;

    /// <summary>Takes messages of a channel, in order. Never waits: a subscriber that is behind decides what to drop.</summary>
    /// <param name="first">The index in the batch of the first message that this subscriber is to get.</param>
    protected internal abstract void Deliver(DeliveryBatch batch, int first);

    /// <summary>More has come for it, while it was catching up, than is kept for anybody: it has to come back.</summary>
    protected internal abstract void FallBehind();

    /// <summary>Its user's connections are to end; where only those of one token are, it looks whether it is one.</summary>
    protected internal abstract void Cut(CutDelivery cut);

    /// <returns>Whether this is its first subscription.</returns>
    internal bool AddSubscription(bool isFilter)
    {
        if (isFilter) Interlocked.Increment(ref _filters);
        return Interlocked.Increment(ref _subscriptions) == 1;
    }

    /// <returns>Whether this was its last subscription.</returns>
    internal bool RemoveSubscription(bool isFilter)
    {
        if (isFilter) Interlocked.Decrement(ref _filters);
        return Interlocked.Decrement(ref _subscriptions) == 0;
    }
}
