using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Names;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Nodes;

namespace Signalbox.Gateways.Mqtt;

// What the client subscribes to, in the node.
internal sealed partial class MqttClient
{
    // By the key of the subscription; null for a shared one, whose place is its group's. Under the gate.
    private readonly Dictionary<string, Subscription?> _places = new(StringComparer.Ordinal);

    public int SubscriptionCount
    {
        get
        {
            using (_gate.Enter()) return _places.Count;
        }
    }

    public bool Has(string key)
    {
        using (_gate.Enter()) return _places.ContainsKey(key);
    }

    /// <summary>Adds a subscription, or changes it; a new one has to be let go live then.</summary>
    /// <param name="member">Who is present from now on, where the channel knows its members.</param>
    /// <returns>Null where the channel has as many members, or the server as many channels, as allowed; or the session
    /// cannot be kept now.</returns>
    public async ValueTask<Entry?> SubscribeAsync(SessionSubscription subscription, Member member)
    {
        if (!HasRoom) return null;

        var key = subscription.Key;
        var isNew = !Has(key);
        Subscription? place = null;
        EnterAnswer? answer = null;
        if (subscription.Group is not null)
        {
            Set(subscription, position: null);
            if (isNew) await _host.Shares.JoinAsync(key, subscription.Filter, this);
            await WhenKeptAsync();
            return await KeepAsync(new Entry(subscription, isNew, null, null));
        }

        if (isNew) place = await Sessions.Node.SubscribeAsync(this, subscription.Filter, CancellationToken.None);
        if (!ChannelFilter.IsFilter(subscription.Filter))
        {
            var request = new EnterRequest(isNew ? member : null, null);
            answer = await Sessions.Engine.Channel(subscription.Filter).EnterAsync(request, CancellationToken.None);
            if (answer.Refusal != Refusal.None)
            {
                if (place is not null) await Sessions.Node.UnsubscribeAsync(place, CancellationToken.None);
                return null;
            }
        }

        Set(subscription, answer?.Position);
        await WhenKeptAsync();
        return await KeepAsync(new Entry(subscription, isNew, place, answer));
    }

    /// <summary>What the new subscription's channels have as values.</summary>
    public async ValueTask<IReadOnlyList<(string Channel, Message Message)>> RetainedAsync(Entry entry)
    {
        var filter = entry.Subscription.Filter;
        if (entry.Subscription.Group is not null) return [];
        if (entry.Answer is { } answer) return answer.Retained is { } one ? [(filter, one)] : [];

        var all = await Sessions.Engine.ListRetainedAsync(filter, CancellationToken.None);
        return [.. all.Entries.Select(value => (value.Channel, value.Message))];
    }

    /// <param name="given">The values that it was given.</param>
    public async ValueTask GoLiveAsync(Entry entry, IReadOnlyList<(string Channel, Message Message)> given)
    {
        if (entry.Place is null) return;

        if (entry.Answer is { } answer)
        {
            Sessions.Node.GoLive(entry.Place, answer);
            return;
        }

        // A value that came between entering and asking was kept for this subscription too. It is not given again, unless
        // another subscription wants it as well: it may do so at a higher QoS.
        if (given.Count > 0) await Sessions.Node.WhenPassedOnAsync();
        entry.Place.GoLiveBehind(given.Where(one => !HasOther(entry, one.Channel)).ToDictionary(one => one.Channel, one => one.Message));
    }

    private bool HasOther(Entry entry, string channel)
    {
        using (_gate.Enter())
        {
            return _session.Subscriptions.Any(one =>
                one.Group is null && one.Key != entry.Subscription.Key && ChannelFilter.Matches(one.Filter, channel));
        }
    }

    /// <returns>Whether there was such a subscription.</returns>
    public async ValueTask<bool> UnsubscribeAsync(string key, string? memberId)
    {
        Subscription? place;
        SessionSubscription? subscription;
        using (_gate.Enter())
        {
            subscription = _session.SubscriptionOf(key);
            if (!_places.Remove(key, out place)) return false;
            if (_session.Unsubscribe(key) is { } removed) Do(removed, isWaitedFor: true);
            Replan();
        }

        await LeaveAsync(key, place, subscription, memberId);
        await WhenKeptAsync();
        return true;
    }

    /// <summary>The client is back: it is seen again where it subscribes.</summary>
    public async ValueTask EnterPresenceAsync(MqttConnection connection, Member member)
    {
        foreach (var name in PlainNames())
        {
            Sessions.News.MemberJoined(connection, name);
            await Sessions.Engine.Channel(name).EnterAsync(new EnterRequest(member, null), CancellationToken.None);
        }
    }

    /// <summary>Leaves what it may not read any more.</summary>
    public async ValueTask LeaveForbiddenAsync(Func<string, bool> isAllowed)
    {
        SessionSubscription[] all;
        using (_gate.Enter()) all = [.. _session.Subscriptions];
        foreach (var subscription in all.Where(one => !isAllowed(one.Filter))) await UnsubscribeAsync(subscription.Key, null);
    }

    /// <returns>Its place; null for a shared one, whose place is its group's.</returns>
    private async ValueTask<Subscription?> ComeBackAsync(SessionSubscription subscription)
    {
        if (subscription.Group is not null)
        {
            await _host.Shares.JoinAsync(subscription.Key, subscription.Filter, this);
            return null;
        }

        var place = await Sessions.Node.SubscribeAsync(this, subscription.Filter, CancellationToken.None);
        place.GoLive(new ChannelPosition("", 0));
        return place;
    }

    private async Task LeavePresenceAsync(MqttConnection connection)
    {
        foreach (var name in PlainNames())
        {
            Sessions.News.MemberLeft(connection, name);
            await Sessions.Engine.Channel(name).LeaveAsync(connection.Id, CancellationToken.None);
        }
    }

    private string[] PlainNames()
    {
        using (_gate.Enter()) return [.. _session.Subscriptions.Where(one => one.Group is null && !ChannelFilter.IsFilter(one.Filter)).Select(one => one.Filter)];
    }

    /// <param name="position">Where the channel stands that it names; null where it names none.</param>
    private void Set(SessionSubscription subscription, ChannelPosition? position)
    {
        using (_gate.Enter())
        {
            if (_session.Subscribe(subscription) is { } set) Do(set, isWaitedFor: true);
            if (position is { } from && _session.ReadToOf(subscription.Filter) is null && IsRead(subscription))
            {
                Do(new ReadTo(subscription.Filter, from), isWaitedFor: true);
            }

            Replan();
        }
    }

    /// <summary>The session may have ended while the subscription was under way: nobody else would leave it then.</summary>
    private async ValueTask<Entry?> KeepAsync(Entry entry)
    {
        if (!entry.IsNew) return entry;

        using (_gate.Enter())
        {
            if (!_session.HasEnded && _places.TryAdd(entry.Subscription.Key, entry.Place)) return entry;
        }

        await LeaveAsync(entry.Subscription.Key, entry.Place, null, null);
        return null;
    }

    private async Task LeaveAllAsync()
    {
        KeyValuePair<string, Subscription?>[] places;
        using (_gate.Enter())
        {
            places = [.. _places];
            _places.Clear();
        }

        foreach (var (key, place) in places) await LeaveAsync(key, place, null, null);
        // Whoever comes next begins anew, also after a crash.
        await WhenKeptAsync();
        _gone.TrySetResult();
    }

    private async ValueTask LeaveAsync(string key, Subscription? place, SessionSubscription? subscription, string? memberId)
    {
        if (place is null)
        {
            await _host.Shares.LeaveAsync(key, this);
            return;
        }

        if (memberId is not null && subscription is not null && !ChannelFilter.IsFilter(subscription.Filter))
        {
            await Sessions.Engine.Channel(subscription.Filter).LeaveAsync(memberId, CancellationToken.None);
        }

        await Sessions.Node.UnsubscribeAsync(place, CancellationToken.None);
    }

    /// <summary>A subscription as it was entered.</summary>
    /// <param name="Place">Null where there was one before, and for a shared one.</param>
    /// <param name="Answer">Null for a filter: it stands nowhere, its channels do.</param>
    public sealed record Entry(SessionSubscription Subscription, bool IsNew, Subscription? Place, EnterAnswer? Answer);
}
