using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Names;
using Signalbox.Core.Payloads;
using Signalbox.Engine;
using Signalbox.Gateways.Commands;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Gateways.Mqtt;

// SUBSCRIBE and UNSUBSCRIBE of the client.
internal partial class MqttConnection
{
    private async ValueTask SubscribeAsync(MqttClient client, ReadOnlyMemory<byte> body)
    {
        if (MqttSubscribe.Read(Version, body, out var packet) is { } error)
        {
            EndFor(MqttEnd.Of(error));
            return;
        }

        var packetId = packet.PacketId;
        var wishes = WishesOf(packet, body.Length);
        var reasons = new byte[wishes.Count];
        var entries = new List<(MqttClient.Entry Entry, MqttRetainHandling Handling)>();
        for (var i = 0; i < reasons.Length; i++)
        {
            var (subscription, handling, reason) = wishes[i];
            MqttClient.Entry? entry = null;
            if (subscription is not null) (reason, entry) = await SubscribeAsync(client, subscription);
            reasons[i] = (byte)reason;
            if (entry is not null) entries.Add((entry, handling));
        }

        // SUBACK, then the channels' values, then what comes.
        new MqttSubAck { PacketId = packetId, Reasons = reasons }.Write(Gathered, Version);
        FlushReplies();
        foreach (var (entry, handling) in entries)
        {
            if (handling == MqttRetainHandling.Send || (handling == MqttRetainHandling.SendIfNew && entry.IsNew))
            {
                var values = await client.RetainedAsync(entry);
                await client.SendRetainedAsync(this, entry.Subscription, [.. values, .. FiguresFor(entry.Subscription)]);
            }

            client.GoLive(entry);
        }
    }

    private async ValueTask<(MqttReasonCode, MqttClient.Entry?)> SubscribeAsync(MqttClient client, SessionSubscription subscription)
    {
        if (!client.Has(subscription.Key) && client.SubscriptionCount >= MaxSubscriptions) return (MqttReasonCode.QuotaExceeded, null);

        try
        {
            if (Host.Backend.AsksToSubscribe(subscription.Filter))
            {
                var (refused, _) = await Host.Backend.SubscribeAsync(this, subscription.Filter, null);
                if (refused is not null) return (MqttReasonCode.NotAuthorized, null);
            }

            var entry = await client.SubscribeAsync(subscription, Member());
            return entry is null ? (MqttReasonCode.QuotaExceeded, null) : ((MqttReasonCode)MqttMessages.QosOf(subscription.Most), entry);
        }
        catch (LogFailedException)
        {
            return (MqttReasonCode.UnspecifiedError, null);
        }
    }

    /// <summary>What the packet asks for, read before anything is waited for: it is gone then.</summary>
    private List<(SessionSubscription? Subscription, MqttRetainHandling Handling, MqttReasonCode Reason)> WishesOf(
        in MqttSubscribe packet, int bytes)
    {
        var isRefused = Traffic.Spend(bytes) is not null || packet.Subscriptions.Count > Host.Options.MaxKeys;
        var identifier = packet.Properties.NumberOf(MqttPropertyId.SubscriptionIdentifier) ?? 0;
        var wishes = new List<(SessionSubscription?, MqttRetainHandling, MqttReasonCode)>();
        foreach (var wish in packet.Subscriptions)
        {
            var filter = Encoding.UTF8.GetString(wish.Filter.Filter.Span);
            var reason = isRefused ? MqttReasonCode.QuotaExceeded : Check(wish.Filter, filter);
            var most = MqttMessages.QualityOf((MqttQos)Math.Min((int)wish.Qos, Options.MaximumQos));
            var group = wish.Filter.IsShared ? Encoding.UTF8.GetString(wish.Filter.Group.Span) : null;
            var subscription = new SessionSubscription(filter, group, most, wish.NoLocal, wish.RetainAsPublished, identifier);
            wishes.Add((reason.IsFailure() ? null : subscription, wish.RetainHandling, reason));
        }

        return wishes;
    }

    private MqttReasonCode Check(in MqttTopicFilter filter, string text)
    {
        if (!ChannelFilter.IsValid(text) || filter.Group.Length > Core.Names.Name.MaxBytes) return MqttReasonCode.TopicFilterInvalid;
        if (!Options.WildcardsAvailable && ChannelFilter.IsFilter(text)) return MqttReasonCode.WildcardSubscriptionsNotSupported;
        if (!Options.SharedAvailable && filter.IsShared) return MqttReasonCode.SharedSubscriptionsNotSupported;
        return Permits.MayRead(Host.Rules, Identity, text) ? MqttReasonCode.Success : MqttReasonCode.NotAuthorized;
    }

    private async ValueTask UnsubscribeAsync(MqttClient client, ReadOnlyMemory<byte> body)
    {
        if (MqttUnsubscribe.Read(Version, body, out var packet) is { } error)
        {
            EndFor(MqttEnd.Of(error));
            return;
        }

        var packetId = packet.PacketId;
        var keys = KeysOf(packet);
        var reasons = new byte[keys.Count];
        for (var i = 0; i < reasons.Length; i++)
        {
            var isEnded = await client.UnsubscribeAsync(keys[i], Id);
            reasons[i] = (byte)(isEnded ? MqttReasonCode.Success : MqttReasonCode.NoSubscriptionExisted);
        }

        new MqttUnsubAck { PacketId = packetId, Reasons = reasons }.Write(Gathered, Version);
    }

    private static List<string> KeysOf(in MqttUnsubscribe packet)
    {
        var keys = new List<string>();
        foreach (var filter in packet.Filters) keys.Add(Encoding.UTF8.GetString(filter.Text.Span));
        return keys;
    }

    private IReadOnlyList<(string Channel, Message Message)> FiguresFor(SessionSubscription subscription)
    {
        if (!subscription.Filter.StartsWith(MqttFigures.Prefix, StringComparison.Ordinal)) return [];

        var now = Host.Clock.GetUtcNow();
        return
        [
            .. from figure in Mqtt.Figures.All(Mqtt.Clients.Count)
               where ChannelFilter.Matches(subscription.Filter, figure.Topic)
               let payload = new Payload(Encoding.UTF8.GetBytes(figure.Value), PayloadKind.Text)
               select (figure.Topic, new Message(0, now, payload, Headers.Of(Quality.AtMostOnce), Host.Node.Id, null, true)),
        ];
    }
}
