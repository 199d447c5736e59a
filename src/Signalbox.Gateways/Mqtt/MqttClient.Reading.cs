using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;
using Signalbox.Core.Storage;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;

namespace Signalbox.Gateways.Mqtt;

// Channels whose history keeps what comes while the client is away, or takes no more: nothing of them is copied for it.
//
//   next to what was read -> taken        more than that, or no room -> behind        away -> nothing
//                                             behind: pages of the history, as the client takes them, until
//                                             there is nothing more -> what comes next is taken again
internal sealed partial class MqttClient
{
    // As many as are ahead of the client at most: it is sent what it takes, and the next page is read meanwhile.
    private const int MostAhead = 256;

    // Of each channel that the session may not have all of the last offset that came. Under the gate, as all here.
    private readonly Dictionary<string, long> _behind = new(StringComparer.Ordinal);

    // Channels that were read on without a fact, since nothing of what came was to be kept.
    private readonly HashSet<string> _unnoted = new(StringComparer.Ordinal);
    private bool _isReading;

    /// <summary>How many messages the histories have lost that the client has not read.</summary>
    public async ValueTask<long> MissedAsync()
    {
        (string Channel, ChannelPosition Read)[] all;
        using (_gate.Enter()) all = [.. _session.ReadChannels.Select(channel => (channel, _session.ReadToOf(channel)!.Value))]; // It is read.
        var missed = 0L;
        foreach (var (channel, read) in all)
        {
            var page = await Sessions.Engine.Channel(channel).HistoryAsync(new HistoryRequest(read.Offset, 0, Reverse: false), CancellationToken.None);
            if (page.Position.Epoch == read.Epoch) missed += Math.Max(0, page.First - 1 - read.Offset);
        }

        return missed;
    }

    private int RoomAhead => Math.Min(MostAhead, _host.Limits.MaxWaiting) - _session.WaitingCount;

    private bool IsRead(SessionSubscription subscription) =>
        _log is not null
        && subscription is { Group: null, Most: > Quality.AtMostOnce }
        && !Core.Names.ChannelFilter.IsFilter(subscription.Filter)
        && Sessions.Rules.For(subscription.Filter) is { HistorySize: > 0, Durability: not Durability.None };

    /// <summary>Whether the message is one that is to be taken now; else the history has it, or the session.</summary>
    private bool IsNext(MessageDelivery delivery)
    {
        var (channel, offset) = (delivery.Channel, delivery.Message.Offset);
        if (_session.ReadToOf(channel) is not { } read) return true;
        // Whoever comes back begins with what it missed.
        if (_connection is null) return false;

        var isSame = read.Epoch == delivery.Epoch;
        if (isSame && offset <= read.Offset) return false;
        if (isSame && offset == read.Offset + 1 && RoomAhead > 0 && HasRoom && !_behind.ContainsKey(channel)) return true;

        _behind[channel] = offset;
        ReadOn();
        return false;
    }

    private ChannelPosition? PlaceOf(MessageDelivery delivery) =>
        _session.ReadToOf(delivery.Channel) is null ? null : new ChannelPosition(delivery.Epoch, delivery.Message.Offset);

    /// <summary>It was not to be kept: the session has the channel up to here all the same.</summary>
    private void PassBy(string channel, ChannelPosition position)
    {
        _session.Apply(new ReadTo(channel, position));
        _unnoted.Add(channel);
    }

    private void NoteRead()
    {
        foreach (var channel in _unnoted)
        {
            if (_session.ReadToOf(channel) is { } read) Do(new ReadTo(channel, read));
        }

        _unnoted.Clear();
    }

    /// <summary>The client is back: whatever it reads from histories may have more.</summary>
    private void ReadAll()
    {
        foreach (var channel in _session.ReadChannels) _behind.TryAdd(channel, 0);
    }

    private void ReadOn()
    {
        if (_isReading || _behind.Count == 0 || RoomAhead <= 0 || _connection is not { } connection) return;

        _isReading = true;
        _host.Background.Add(ReadOnAsync(connection));
    }

    private async Task ReadOnAsync(MqttConnection connection)
    {
        // Not within what somebody else does under the gate.
        await Task.Yield();
        while (true)
        {
            string channel;
            HistoryRequest request;
            using (_gate.Enter())
            {
                if (_connection != connection || RoomAhead <= 0 || _behind.Count == 0)
                {
                    _isReading = false;
                    // Another connection may have come meanwhile.
                    if (_connection != connection) ReadOn();
                    return;
                }

                channel = _behind.Keys.First();
                var read = _session.ReadToOf(channel);
                if (read is null) _behind.Remove(channel);
                request = new HistoryRequest(read?.Offset ?? 0, RoomAhead, Reverse: false);
            }

            var page = await Sessions.Engine.Channel(channel).HistoryAsync(request, CancellationToken.None);
            using (_gate.Enter())
            {
                if (_connection != connection) continue;

                var isTaken = TryTake(channel, page);
                SendWaiting();
                // What waits makes room as it is acknowledged, and has this go on.
                if (isTaken || _session.WaitingCount == 0) continue;
                _isReading = false;
                return;
            }
        }
    }

    /// <returns>False where there is no room for all of it.</returns>
    private bool TryTake(string channel, HistoryRead page)
    {
        if (_session.ReadToOf(channel) is not { } read) return true;

        var epoch = page.Position.Epoch;
        if (epoch != read.Epoch)
        {
            // Another numbering: nobody knows what of it was there before, and what has to arrive may rather come twice.
            if (epoch.Length == 0) _behind.Remove(channel);
            else Do(new ReadTo(channel, new ChannelPosition(epoch, page.First - 1)));
            return true;
        }

        if (page.First - 1 > read.Offset) _host.Figures.Dropped((int)Math.Min(int.MaxValue, page.First - 1 - read.Offset));
        foreach (var message in page.Messages)
        {
            var place = new ChannelPosition(epoch, message.Offset);
            if (message.Offset <= _session.ReadToOf(channel)?.Offset) continue;
            // QoS 0 waits for nobody, in the history neither.
            if (_session.Match(channel, message, Id) is not { Quality: > Quality.AtMostOnce } delivery) PassBy(channel, place);
            else if (!HasRoom || !HasRoomFor(channel, message, delivery, place)) return false;
            else if (!TryQueue(channel, message, delivery, group: null, place)) PassBy(channel, place);
        }

        if (page.Messages.Count == 0 && page.Position.Offset > read.Offset) PassBy(channel, page.Position);
        if (page.IsComplete && _behind[channel] <= page.Position.Offset) _behind.Remove(channel);
        return true;
    }

    // Nothing makes room for what can wait in the history.
    private bool HasRoomFor(string channel, Message message, MqttDelivery delivery, ChannelPosition place) =>
        _session.Offer(new MqttMessage(channel, message, place, delivery, Group: null, ExpiresAt: null)) is not { Dropped: > 0 };

    /// <summary>Gives what the last process had of histories its content again.</summary>
    private async ValueTask FillAsync()
    {
        var found = new Dictionary<(string, ChannelPosition), Message>();
        foreach (var ofChannel in _session.Unread.ToLookup(message => message.Channel, message => message.Place!.Value)) // It has one.
        {
            var last = ofChannel.Max(place => place.Offset);
            for (var since = ofChannel.Min(place => place.Offset) - 1; since < last;)
            {
                var request = new HistoryRequest(since, MostAhead, Reverse: false);
                var page = await Sessions.Engine.Channel(ofChannel.Key).HistoryAsync(request, CancellationToken.None);
                foreach (var message in page.Messages) found[(ofChannel.Key, page.Position with { Offset = message.Offset })] = message;
                since = page.Messages.Count > 0 ? page.Messages[^1].Offset : last;
            }
        }

        using (_gate.Enter()) _session.Fill((channel, place) => found.GetValueOrDefault((channel, place)));
    }
}
