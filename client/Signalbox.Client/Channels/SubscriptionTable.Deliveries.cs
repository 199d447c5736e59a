namespace Signalbox.Client;

// What the reader of the connection brings in.
internal sealed partial class SubscriptionTable
{
    // The reader's own, used again for every delivery.
    private readonly List<Listener> _targets = [];

    public ValueTask DeliverMessageAsync(Reply reply, CancellationToken ended)
    {
        var channel = reply.Text(ReplyField.Key);
        var offset = reply.NumberOrNull(ReplyField.Offset) ?? 0;
        var isRetained = reply.Flag(ReplyField.Retained);
        string? epoch;
        lock (_gate)
        {
            epoch = FindTargets(channel, offset, isRetained);
            _targets.RemoveAll(listener => !listener.Wants(offset, isRetained));
        }

        return _targets.Count == 0 ? default : GiveAsync(Message.Read(reply, channel, epoch), ended);
    }

    public ValueTask DeliverBroadcastAsync(Reply reply, CancellationToken ended) =>
        DeliverUnnumberedAsync(_broadcasts, reply, ended);

    public ValueTask DeliverDirectAsync(Reply reply, CancellationToken ended) =>
        DeliverUnnumberedAsync(_direct, reply, ended);

    private ValueTask DeliverUnnumberedAsync(Listener listener, Reply reply, CancellationToken ended)
    {
        _targets.Clear();
        lock (_gate)
        {
            if (listener.IsBehind) return default;
        }

        _targets.Add(listener);
        return GiveAsync(Message.Read(reply, "", null), ended);
    }

    public ValueTask DeliverPresenceAsync(Reply reply, bool joined, CancellationToken ended)
    {
        var channel = reply.Text(ReplyField.Key);
        lock (_gate)
        {
            FindTargets(channel, long.MaxValue, isRetained: false);
            _targets.RemoveAll(listener => listener.IsBehind);
        }

        if (_targets.Count == 0) return default;

        var member = reply.Object(ReplyField.Member, Member.Read);
        return GiveAsync(new PresenceChange(channel, member, joined, reply.Time(ReplyField.Time)), ended);
    }

    /// <summary>The server left messages out, since we read too slowly.</summary>
    public void Missed(Reply reply)
    {
        var channel = reply.Text(ReplyField.Key);
        var from = reply.Number(ReplyField.From);
        var to = reply.Number(ReplyField.To);
        lock (_gate)
        {
            var epoch = FindTargets(channel, to, isRetained: false);
            foreach (var listener in _targets.Where(listener => listener.Wants(to, isRetained: false)))
            {
                listener.MoveTo(to);
                ChannelPosition? after = null, now = null;
                if (epoch is not null)
                {
                    after = new ChannelPosition(epoch, from - 1);
                    now = new ChannelPosition(epoch, to);
                }

                listener.Subscription.Add(new Gap(channel, GapReason.LeftOut, after, now));
            }
        }
    }

    /// <summary>Gathers who may get what the server sent for this channel.</summary>
    /// <returns>The channel's epoch; null where it is not known.</returns>
    private string? FindTargets(string channel, long offset, bool isRetained)
    {
        _targets.Clear();
        if (_routes.TryGetValue(channel, out var route)) _targets.AddRange(route.Listeners);

        // A retained value, and what one listener asked for again, is not for those who came by a filter.
        if (isRetained || offset <= route?.ReplayedUpTo) return route?.Epoch;

        foreach (var filter in _filters)
        {
            if (ChannelFilter.Matches(filter.Name, channel)) _targets.AddRange(filter.Listeners);
        }

        return route?.Epoch;
    }

    private ValueTask GiveAsync(object item, CancellationToken ended)
    {
        for (var i = 0; i < _targets.Count; i++)
        {
            if (!_targets[i].Subscription.TryOffer(item)) return GiveSlowlyAsync(item, i, ended);
            Given(_targets[i], item, isTaken: true);
        }

        return default;
    }

    /// <summary>
    /// Somebody's buffer is full: nothing more is read until it has room. That slows the server down, which is what
    /// its own limits are for. But while somebody waits for a reply, who may be the very consumer that is to make
    /// room, reading must go on, and so the message is left out for now.
    /// </summary>
    private async ValueTask GiveSlowlyAsync(object item, int first, CancellationToken ended)
    {
        for (var i = first; i < _targets.Count; i++)
        {
            var subscription = _targets[i].Subscription;
            bool isTaken;
            while (!(isTaken = subscription.TryOffer(item)) && !_calls.AwaitsReply)
            {
                await Task.WhenAny(subscription.WhenRoom(), _calls.WhenAwaitingReply()).WaitAsync(ended).ConfigureAwait(false);
            }

            Given(_targets[i], item, isTaken);
        }
    }

    private void Given(Listener listener, object item, bool isTaken)
    {
        lock (_gate)
        {
            if (!isTaken) listener.IsBehind = true;
            if (!isTaken || item is not Message message) return;

            if (message.IsRetained) listener.TakesRetained = false;
            listener.MoveTo(message.Offset);
        }
    }
}
