using Signalbox.Core.Channels;
using Signalbox.Core.Names;

namespace Signalbox.Core.Mqtt;

/// <summary>What one session subscribes to. Plain names are found by name, filters are tried one after the other.</summary>
internal sealed class SessionSubscriptions
{
    private readonly Dictionary<string, SessionSubscription> _all = new(StringComparer.Ordinal);

    // Of the above, those that have wildcards and are not shared.
    private readonly List<SessionSubscription> _filters = [];

    public int Count => _all.Count;

    public IReadOnlyCollection<SessionSubscription> All => _all.Values;

    public SessionSubscription? Find(string key) => _all.GetValueOrDefault(key);

    public void Set(SessionSubscription subscription)
    {
        Remove(subscription.Key);
        _all.Add(subscription.Key, subscription);
        if (subscription.Group is null && ChannelFilter.IsFilter(subscription.Filter)) _filters.Add(subscription);
    }

    public void Remove(string key)
    {
        if (_all.Remove(key, out var known)) _filters.Remove(known);
    }

    /// <summary>What the subscriptions that match make of a live message, together: one copy, at the highest quality, with
    /// the identifiers of all.</summary>
    /// <param name="self">Who the session's client is as a sender.</param>
    /// <returns>Null where none matches, or none that wants its own messages.</returns>
    public MqttDelivery? Match(string channel, Message message, string self)
    {
        var isOwn = message.Sender == self;
        MqttDelivery? delivery = null;
        if (_all.GetValueOrDefault(channel) is { Group: null } exact) Join(exact, message, isOwn, ref delivery);
        foreach (var filter in _filters)
        {
            if (ChannelFilter.Matches(filter.Filter, channel)) Join(filter, message, isOwn, ref delivery);
        }

        return delivery;
    }

    private static void Join(SessionSubscription subscription, Message message, bool isOwn, ref MqttDelivery? delivery)
    {
        if (isOwn && subscription.NoLocal) return;

        var one = MqttDelivery.Live(subscription, message);
        delivery = delivery is null ? one : delivery.Joined(one);
    }
}
