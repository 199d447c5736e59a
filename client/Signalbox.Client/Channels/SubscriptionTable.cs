using Signalbox.Protocol.Errors;

namespace Signalbox.Client;

/// <summary>
/// Every channel that the client is subscribed to. It says so anew on each connection, with the place where each
/// listener was, so that messages go on behind the last one or a gap is told.
/// </summary>
/// <remarks>A subscribe or unsubscribe is submitted inside of the gate: what the server is told last is what is
/// here.</remarks>
internal sealed partial class SubscriptionTable
{
    // The server takes a thousand.
    private const int KeysInOneCall = 500;

    private readonly SignalboxClientOptions _options;
    private readonly CallTable _calls;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Route> _routes = new(StringComparer.Ordinal);
    private readonly List<Route> _filters = [];
    private readonly Listener _broadcasts;
    private readonly Listener _direct;
    private bool _isConnected;
    private bool _wasConnected;

    public SubscriptionTable(SignalboxClientOptions options, CallTable calls)
    {
        _options = options;
        _calls = calls;
        Inbox = new Subscription(this, "", options.SubscriptionCapacity, isOpen: false);
        (Broadcasts, _broadcasts) = Unnumbered();
        (Direct, _direct) = Unnumbered();
        foreach (var channel in options.DefaultChannels.Distinct()) Add(new Listener(Inbox, channel, null));
    }

    /// <summary>Ends the present connection: what it was told cannot be trusted.</summary>
    public Action<Exception>? BreakConnection { get; set; }

    public Subscription Inbox { get; }

    public Subscription Broadcasts { get; }

    public Subscription Direct { get; }

    public void Add(Listener listener)
    {
        lock (_gate)
        {
            listener.Subscription.Listeners.Add(listener);
            if (!_routes.TryGetValue(listener.Channel, out var route))
            {
                route = new Route(listener.Channel);
                _routes.Add(listener.Channel, route);
                if (route.IsFilter) _filters.Add(route);
            }

            route.Listeners.Add(listener);
            if (!_isConnected) return;

            // Who has no place to begin at joins the others; who has one takes all of them back there.
            if (listener.Position is null) Enter([new EnterCall.Entry(route, [listener], null)]);
            else Enter([EntryOf(route)]);
        }
    }

    /// <returns>Done when the server knows, where it has to.</returns>
    public Task RemoveAsync(Subscription subscription)
    {
        var replies = new List<Task>();
        lock (_gate)
        {
            foreach (var listener in subscription.Listeners)
            {
                if (!Forget(listener) || !_isConnected) continue;

                var call = new Call<UnsubscribeRequest, bool>(new UnsubscribeRequest(listener.Channel))
                {
                    Deadline = _calls.DeadlineIn(_options.CommandTimeout),
                };
                _calls.SubmitNow(call);
                replies.Add(call.Reply);
            }

            subscription.Listeners.Clear();
        }

        return Task.WhenAll(replies);
    }

    /// <summary>A connection has said hello: everybody comes in again.</summary>
    public void Connected(long? gpid)
    {
        lock (_gate)
        {
            _isConnected = false;
            var own = gpid is null ? null : $"{gpid}";
            if (own is not null && !Inbox.Listeners.Exists(one => one.Channel == own)) Add(new Listener(Inbox, own, null));

            _isConnected = true;
            foreach (var chunk in _routes.Values.Select(EntryOf).Chunk(KeysInOneCall)) Enter(chunk);
            if (_wasConnected)
            {
                Broadcasts.Add(new Gap("", GapReason.NoHistory, null, null));
                Direct.Add(new Gap("", GapReason.NoHistory, null, null));
            }

            _wasConnected = true;
        }
    }

    public void Disconnected()
    {
        lock (_gate)
        {
            _isConnected = false;
            foreach (var listener in _routes.Values.SelectMany(route => route.Listeners)) listener.IsEntering = false;
        }
    }

    /// <summary>The server took these listeners in. What it sends from now on is what was missed, then what is
    /// new.</summary>
    public void Entered(EnterCall.Entry entry, EnterCall.Answer answer)
    {
        lock (_gate)
        {
            foreach (var listener in entry.Listeners)
            {
                if (entry.Route.IsFilter) EnteredFilter(listener);
                else EnteredChannel(listener, entry.Since, answer);
                listener.IsEntering = false;
                listener.IsBehind = false;
                listener.Entered.TrySetResult();
            }

            if (entry.Route.IsFilter) return;
            entry.Route.Epoch = answer.Epoch;
            entry.Route.ReplayedUpTo = entry.Since is null ? 0 : answer.Offset;
        }
    }

    /// <summary>The server did not take these listeners in, or nobody knows whether it did.</summary>
    public void Refused(EnterCall call, Exception reason)
    {
        // Without a connection there is nothing to do: the next one brings everybody in.
        if (reason is SignalboxConnectionLostException) return;

        var isLost = false;
        lock (_gate)
        {
            if (reason is SignalboxException && call.Entries.Count > 1)
            {
                // One of them was refused, and all with it: each for itself tells which.
                foreach (var entry in call.Entries) Enter([entry]);
                return;
            }

            foreach (var listener in call.Entries.SelectMany(entry => entry.Listeners))
            {
                if (listener.Entered.TrySetException(reason) || reason is SignalboxException { MayRetry: false })
                {
                    _ = listener.Entered.Task.Exception; // A default channel has nobody who waits.
                    Forget(listener);
                    listener.Subscription.Fail(reason);
                }
                else
                {
                    isLost = true;
                }
            }
        }

        // They were in before and may come in later: another connection tries again, after a pause.
        if (isLost) BreakConnection?.Invoke(reason);
    }

    /// <summary>A newer token does not grant these any more: the server has ended them.</summary>
    public void Dropped(IReadOnlyList<string> names)
    {
        lock (_gate)
        {
            foreach (var name in names)
            {
                if (!_routes.TryGetValue(name, out var route)) continue;

                foreach (var listener in route.Listeners.ToArray())
                {
                    Forget(listener);
                    listener.Subscription.Fail(
                        new SignalboxException(ErrorCode.Forbidden, $"The newer token does not grant '{name}' any more."));
                }
            }
        }
    }

    /// <summary>The consumer has taken all that there was: listeners that had to leave messages out come in
    /// again.</summary>
    public void CatchUp(Subscription subscription)
    {
        lock (_gate)
        {
            foreach (var listener in subscription.Listeners)
            {
                if (!listener.IsBehind || listener.IsEntering) continue;

                if (_routes.TryGetValue(listener.Channel, out var route) && !route.IsFilter)
                {
                    if (_isConnected) Enter([EntryOf(route)]);
                }
                else
                {
                    listener.IsBehind = false;
                    subscription.Add(new Gap(listener.Channel, GapReason.SlowConsumer, null, null));
                }
            }
        }
    }

    /// <summary>The client is disposed of: every subscription ends.</summary>
    public void End()
    {
        lock (_gate)
        {
            foreach (var listener in _routes.Values.SelectMany(route => route.Listeners)) listener.Subscription.End();
            Inbox.End();
            Broadcasts.End();
            Direct.End();
        }
    }

    // What comes without a channel, and so without a place to come back to.
    private (Subscription Subscription, Listener Listener) Unnumbered()
    {
        var subscription = new Subscription(this, "", _options.SubscriptionCapacity, isOpen: false);
        var listener = new Listener(subscription, "", null);
        subscription.Listeners.Add(listener);
        return (subscription, listener);
    }

    /// <returns>Whether it was the last of its route.</returns>
    private bool Forget(Listener listener)
    {
        if (!_routes.TryGetValue(listener.Channel, out var route)) return false;
        if (!route.Listeners.Remove(listener) || route.Listeners.Count > 0) return false;

        _routes.Remove(route.Name);
        _filters.Remove(route);
        return true;
    }

    private static EnterCall.Entry EntryOf(Route route) => new(route, [.. route.Listeners], route.Since);

    private void Enter(IReadOnlyList<EnterCall.Entry> entries)
    {
        foreach (var listener in entries.SelectMany(entry => entry.Listeners)) listener.IsEntering = true;
        _calls.SubmitNow(new EnterCall(this, entries) { Deadline = _calls.DeadlineIn(_options.CommandTimeout) });
    }

    private static void EnteredFilter(Listener listener)
    {
        if (listener.Entered.Task.IsCompletedSuccessfully)
        {
            listener.Subscription.Add(new Gap(listener.Channel, GapReason.NoHistory, null, null));
        }
    }

    private static void EnteredChannel(Listener listener, ChannelPosition? since, EnterCall.Answer answer)
    {
        var now = new ChannelPosition(answer.Epoch ?? "", answer.Offset);
        if (listener.Position is not { } position)
        {
            listener.Position = now;
            if (since is not null) listener.Seen = now.Offset;
            return;
        }

        var isSameEpoch = position.Epoch == now.Epoch || position.Epoch.Length == 0;
        var isWhole = position == now || (answer.Recovered && isSameEpoch && position.Offset >= since?.Offset);
        if (isWhole)
        {
            // What follows may begin further back, for the sake of another listener.
            listener.Position = position with { Epoch = now.Epoch };
            listener.Seen = Math.Max(listener.Seen, position.Offset);
            listener.TakesRetained = false;
            return;
        }

        var reason = listener.IsBehind ? GapReason.SlowConsumer : GapReason.HistoryGone;
        listener.Subscription.Add(new Gap(listener.Channel, reason, position, now));
        listener.Position = now;
        listener.Seen = now.Offset;
        listener.TakesRetained = true;
    }
}
