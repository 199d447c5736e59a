using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Listing;
using Signalbox.Gates;

namespace Signalbox.Engine.Nodes;

/// <summary>
/// The subscribers of one process: who listens to what. It asks the engine for a channel once, however many local
/// subscribers it has, writes a message once per protocol, and hands the same bytes to all.
/// </summary>
/// <remarks>
/// One pump passes deliveries on, in the order of their arrival. It only appends to the subscribers' own queues, so a
/// fan-out costs no lock, task or allocation per delivery beyond that queue's.
/// </remarks>
public sealed class Node : INode
{
    // A batch is also the grain in which a slow reader's queue drops and counts: not too coarse.
    private const int MaxBatch = 64;

    private readonly ConcurrentDictionary<string, Audience> _channels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Subscriber, bool> _listeners = new();
    private readonly FilterTrie _filters = new();
    private readonly Reaches _reaches;
    private readonly UserIndex _users = new();
    private readonly Gate _registryGate = new(GateRank.NodeRegistry);
    private readonly NameIndex _channelNames = new();
    private readonly List<Audience> _matches = [];
    private readonly IEngine _engine;
    private readonly ChannelRules _rules;
    private readonly Inbox _inbox;
    private Action<string, bool>? _onOccupancy;
    private long _lastTicket;
    private long _lastBatch;
    private long _delivered;
    private int _subscriptions;

    public Node(string id, IEngine engine, ChannelRules rules)
    {
        Id = id;
        _engine = engine;
        _rules = rules;
        _inbox = new Inbox(Pump);
        _reaches = new Reaches(_filters);
    }

    public string Id { get; }

    /// <summary>How many connections have a subscription.</summary>
    public int ListenerCount => _listeners.Count;

    /// <summary>How many subscriptions all connections have.</summary>
    internal int SubscriptionCount => Volatile.Read(ref _subscriptions);

    /// <summary>Seats that are remembered of channels where many overlap.</summary>
    internal int RememberedSeats => _reaches.SeatCount;

    /// <summary>Copies of messages that were handed to connections. The pump's own to write.</summary>
    internal long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Calls this for each channel that gets its first local subscriber (true) or loses its last (false), in
    /// their order. Filters are left out. It is called under a gate, so it may only note it down: what it does must not
    /// wait, log, or enter a gate. To be set before the first subscription.</summary>
    public void WatchOccupancy(Action<string, bool> onOccupancy) => _onOccupancy = onOccupancy;

    public void Post(Delivery delivery) => _inbox.Put(delivery);

    /// <summary>Has this done by the pump, after all that was posted before.</summary>
    internal void Do(Action step) => _inbox.Put(new PumpStep(step));

    /// <summary>Completes when all that was posted before has been passed on.</summary>
    public Task WhenPassedOnAsync() => _inbox.WhenPassedOnAsync();

    /// <summary>
    /// Adds a subscriber to a channel or filter. What arrives is kept for it until the caller, who first writes what
    /// the subscriber missed, says <see cref="GoLive"/>.
    /// </summary>
    public async ValueTask<Subscription> SubscribeAsync(
        Subscriber subscriber, string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            var audience = ChannelFilter.IsFilter(name) ? FilterAudience(name) : ChannelAudience(name);
            var subscription = new Subscription(subscriber, audience, this);
            if (!audience.TryEnter(subscription)) continue;

            NoteChange(audience);
            Interlocked.Increment(ref _subscriptions);
            if (subscriber.AddSubscription(audience.IsFilter) && subscriber.TakesBroadcasts) _listeners.TryAdd(subscriber, true);
            try
            {
                if (!audience.IsAttached) await AttachAsync(audience, cancellationToken);
                return subscription;
            }
            catch
            {
                await UnsubscribeAsync(subscription, CancellationToken.None);
                throw;
            }
        }
    }

    /// <summary>The subscriber was told how it entered, and given what it missed: from here on it gets what comes.</summary>
    public void GoLive(Subscription subscription, EnterAnswer entered)
    {
        // What the subscriber also gets by a filter was kept here as its one copy. Where it was not among what was
        // recovered, to leave it out because the channel stood further would lose it.
        var isOnlyCopy = !entered.Recovered && ListensByFilter(subscription);
        subscription.GoLive(isOnlyCopy ? new ChannelPosition("", 0) : entered.Position);
    }

    public async ValueTask UnsubscribeAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        if (subscription.Seat < 0) return;

        var audience = subscription.Audience;
        var isClosed = audience.Leave(subscription);
        NoteChange(audience);
        Interlocked.Decrement(ref _subscriptions);
        if (subscription.Owner.RemoveSubscription(audience.IsFilter)) _listeners.TryRemove(subscription.Owner, out _);
        // Who is told that it has left gets nothing more.
        if (audience.IsWalked || _reaches.IsWalked) await WhenPassedOnAsync();
        if (!isClosed) return;

        var attachment = new Attachment(Id, audience.Ticket);
        if (audience.IsFilter)
        {
            _filters.Remove(audience.Name, audience);
            await _engine.DetachFilterAsync(audience.Name, attachment, cancellationToken);
        }
        else
        {
            using (_registryGate.Enter())
            {
                if (_channels.TryRemove(KeyValuePair.Create(audience.Name, audience))) _channelNames.Remove(audience.Name);
            }

            await _engine.Channel(audience.Name).DetachAsync(attachment, cancellationToken);
        }
    }

    /// <summary>From now on this one gets broadcasts, though it subscribes to nothing.</summary>
    public void Listen(Subscriber subscriber) => _listeners.TryAdd(subscriber, true);

    public void StopListening(Subscriber subscriber) => _listeners.TryRemove(subscriber, out _);

    /// <summary>This connection is the user's: from now on it gets what is for the user, and is cut with the user.</summary>
    /// <remarks>Before the engine is told of it, so that nothing the engine sends after that is missed.</remarks>
    public void Enlist(Subscriber subscriber, string user) => _users.Add(user, subscriber);

    public void Discharge(Subscriber subscriber, string user) => _users.Remove(user, subscriber);

    public int CountAudience(string channel) => _reaches.Count(channel, _channels.GetValueOrDefault(channel));

    public bool HasAudience(string channel)
    {
        if (_channels.TryGetValue(channel, out var exact) && exact.Count > 0) return true;
        if (_filters.IsEmpty) return false;

        var filters = new List<Audience>();
        _filters.Match(channel, filters);
        return filters.Exists(filter => filter.Count > 0);
    }

    public int CountBroadcastAudience(string? except)
    {
        if (except is null) return _listeners.Count;
        var count = 0;
        foreach (var (listener, _) in _listeners)
        {
            if (listener.Id != except) count++;
        }

        return count;
    }

    public Page<ChannelEntry> ListChannels(ListRequest request)
    {
        var names = _channelNames.Page(request);
        var entries = new List<ChannelEntry>(names.Entries.Count);
        foreach (var name in names.Entries)
        {
            if (_channels.TryGetValue(name, out var audience) && audience.Peers() is { Count: > 0 } peers)
            {
                entries.Add(new ChannelEntry(name, peers));
            }
        }

        return new Page<ChannelEntry>(entries, names.Next);
    }

    private bool ListensByFilter(Subscription subscription)
    {
        if (!subscription.Owner.HasFilters) return false;

        var filters = new List<Audience>();
        _filters.Match(subscription.Audience.Name, filters);
        return filters.Exists(filter => filter.Has(subscription.Owner));
    }

    private Audience ChannelAudience(string name)
    {
        if (_channels.TryGetValue(name, out var existing) && !existing.IsClosed) return existing;

        using (_registryGate.Enter())
        {
            if (_channels.TryGetValue(name, out existing) && !existing.IsClosed) return existing;

            var fresh = new Audience(name, ++_lastTicket, _onOccupancy);
            _channels[name] = fresh;
            _channelNames.Add(name);
            return fresh;
        }
    }

    private Audience FilterAudience(string filter)
    {
        using (_registryGate.Enter())
        {
            if (_filters.Find(filter) is { IsClosed: false } existing) return existing;

            var fresh = new Audience(filter, ++_lastTicket, onOccupancy: null);
            _filters.Set(filter, fresh);
            return fresh;
        }
    }

    // Before whoever came or left is told so.
    private void NoteChange(Audience audience)
    {
        if (audience.IsFilter) _reaches.FilterChanged();
        else _reaches.ChannelChanged(audience.Name);
    }

    // Whoever comes first attaches for all; the others wait for it. An engine that fails fails all of them.
    private async ValueTask AttachAsync(Audience audience, CancellationToken cancellationToken)
    {
        if (!audience.TryClaimAttachment())
        {
            await audience.WhenAttachedAsync().WaitAsync(cancellationToken);
            return;
        }

        var attachment = new Attachment(Id, audience.Ticket);
        try
        {
            if (audience.IsFilter)
            {
                await _engine.AttachFilterAsync(audience.Name, attachment, CancellationToken.None);
            }
            else
            {
                await _engine.Channel(audience.Name).AttachAsync(attachment, CancellationToken.None);
            }

            audience.EndAttaching(failure: null);
        }
        catch (Exception failure)
        {
            audience.EndAttaching(failure);
            throw;
        }
    }

    private void Pump(List<object> arrived)
    {
        var all = CollectionsMarshal.AsSpan(arrived);
        for (var start = 0; start < all.Length;)
        {
            if (all[start] is PumpStep step)
            {
                step.Do();
                start++;
                continue;
            }

            var run = new Delivery[RunLength(all[start..])];
            for (var i = 0; i < run.Length; i++) run[i] = (Delivery)all[start + i]; // There is nothing else.
            PassOn(run);
            start += run.Length;
        }
    }

    // Neighbours of one channel and epoch travel together: written as one piece, queued as one entry.
    private static int RunLength(ReadOnlySpan<object> arrived)
    {
        if (arrived[0] is not MessageDelivery first) return 1;

        var length = 1;
        while (length < arrived.Length && length < MaxBatch
            && arrived[length] is MessageDelivery next && next.Channel == first.Channel && next.Epoch == first.Epoch)
        {
            length++;
        }

        return length;
    }

    private void PassOn(Delivery[] run)
    {
        switch (run[0])
        {
            case MessageDelivery message:
                _delivered += (long)PassOn(message.Channel, run) * run.Length;
                break;

            case PresenceDelivery presence:
                PassOn(presence.Channel, run);
                break;

            case BroadcastDelivery broadcast:
                var batch = new DeliveryBatch(null, _rules.For(""), run);
                foreach (var (listener, _) in _listeners)
                {
                    if (listener.Id == broadcast.Except) continue;

                    listener.Deliver(batch, 0);
                    _delivered++;
                }

                break;

            case DirectDelivery direct:
                var own = new DeliveryBatch(null, _rules.For(""), run);
                foreach (var subscriber in _users.Of(direct.User))
                {
                    subscriber.Deliver(own, 0);
                    _delivered++;
                }

                break;

            case CutDelivery cut:
                foreach (var subscriber in _users.Of(cut.User)) subscriber.Cut(cut);
                break;
        }
    }

    /// <returns>How many subscribers have it.</returns>
    private int PassOn(string channel, Delivery[] run)
    {
        _channels.TryGetValue(channel, out var exact);
        if (_reaches.BeginWalk(channel, exact) is { } seats) return Give(new DeliveryBatch(channel, _rules.For(channel), run), seats);

        _matches.Clear();
        if (exact is not null) _matches.Add(exact);
        _filters.Match(channel, _matches);
        if (_matches.Count == 0) return 0;

        var batch = new DeliveryBatch(channel, _rules.For(channel), run);
        _lastBatch++;
        var given = 0;
        foreach (var audience in _matches) given += audience.Give(batch, _lastBatch, overlaps: _matches.Count > 1);
        return given;
    }

    private int Give(DeliveryBatch batch, Subscription[] seats)
    {
        try
        {
            foreach (var subscription in seats) subscription.Give(batch);
            return seats.Length;
        }
        finally
        {
            _reaches.EndWalk();
        }
    }
}
