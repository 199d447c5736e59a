using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Names;
using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
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
        var (wishes, why) = WishesOf(packet, body.Length);
        var reasons = new byte[wishes.Count];
        if (!MayAnswer(new MqttSubAck { Reasons = reasons }.SizeOf(Version))) return;

        var entries = new List<(MqttClient.Entry Entry, MqttRetainHandling Handling)>();
        for (var i = 0; i < reasons.Length; i++)
        {
            var (subscription, handling, reason) = wishes[i];
            if (subscription is not null)
            {
                (reason, var entry, var failure) = await SubscribeAsync(client, subscription);
                why ??= failure;
                if (entry is not null) entries.Add((entry, handling));
            }

            reasons[i] = (byte)reason;
        }

        // SUBACK, then the channels' values, then what comes.
        WriteSubAck(packetId, reasons, why);
        FlushReplies();
        foreach (var (entry, handling) in entries)
        {
            IReadOnlyList<(string, Message)> values = [];
            if (handling == MqttRetainHandling.Send || (handling == MqttRetainHandling.SendIfNew && entry.IsNew))
            {
                values = await client.RetainedAsync(entry);
                await client.SendRetainedAsync(this, entry.Subscription, [.. values, .. FiguresFor(entry.Subscription)]);
            }

            await client.GoLiveAsync(entry, values);
        }
    }

    /// <summary>Whether the client takes an answer of this length: else it ends before anything is done.</summary>
    /// <remarks>Other packets need no look: they are shorter than the CONNACK that it took, or are left out.</remarks>
    private bool MayAnswer(int sizeBytes)
    {
        if (sizeBytes > MaxPacketBytes) EndFor(MqttEnd.AnswerTooLarge);
        return sizeBytes <= MaxPacketBytes;
    }

    private void WriteSubAck(ushort packetId, byte[] reasons, Failure? why)
    {
        Host.Metrics.CommandDone(CommandName.Subscribe, (int?)why?.Code ?? 0);
        var packet = new MqttSubAck { PacketId = packetId, Reasons = reasons, Properties = Explained(why?.Message, why?.Rate) };
        if (packet.SizeOf(Version) > MaxPacketBytes) packet = new MqttSubAck { PacketId = packetId, Reasons = reasons };
        packet.Write(Gathered, Version);
    }

    private async ValueTask<(MqttReasonCode, MqttClient.Entry?, Failure?)> SubscribeAsync(
        MqttClient client, SessionSubscription subscription)
    {
        if (!client.Has(subscription.Key) && client.SubscriptionCount >= MaxSubscriptions)
        {
            var failure = new Failure(ErrorCode.LimitExceeded, $"A session has at most {MaxSubscriptions} subscriptions.", null);
            return (MqttReasonCode.QuotaExceeded, null, failure);
        }

        try
        {
            if (Host.Backend.AsksToSubscribe(subscription.Filter))
            {
                var (refused, _) = await Host.Backend.SubscribeAsync(this, subscription.Filter, null);
                if (refused is not null) return (MqttReasons.OfPublish(refused.Code), null, refused);
            }

            if (await client.SubscribeAsync(subscription, Member()) is not { } entry)
            {
                return (MqttReasonCode.QuotaExceeded, null, new Failure(ErrorCode.LimitExceeded, Commands.Subscribing.RefusedMessage, null));
            }

            if (entry is { IsNew: true, Answer: not null }) Host.News.MemberJoined(this, subscription.Filter);
            if (client.WantsFigures) Mqtt.FiguresFeed.Add(client);
            return ((MqttReasonCode)MqttMessages.QosOf(subscription.Most), entry, null);
        }
        catch (LogFailedException)
        {
            return (MqttReasonCode.UnspecifiedError, null, Failure.LogFailed);
        }
    }

    /// <summary>What the packet asks for, read before anything is waited for: it is gone then.</summary>
    /// <returns>Beside it why something of it is refused.</returns>
    private (List<(SessionSubscription? Subscription, MqttRetainHandling Handling, MqttReasonCode Reason)>, Failure?) WishesOf(
        in MqttSubscribe packet, int bytes)
    {
        var why = Traffic.Spend(bytes) is { } left ? Failure.Of(Refusal.RateLimited) with { Rate = left }
            : packet.Subscriptions.Count <= Host.Options.MaxKeys ? null
            : new Failure(ErrorCode.LimitExceeded, $"More than {Host.Options.MaxKeys} filters.", null);
        var isRefused = why is not null;
        var identifier = packet.Properties.NumberOf(MqttPropertyId.SubscriptionIdentifier) ?? 0;
        var wishes = new List<(SessionSubscription?, MqttRetainHandling, MqttReasonCode)>();
        foreach (var wish in packet.Subscriptions)
        {
            var filter = Encoding.UTF8.GetString(wish.Filter.Filter.Span);
            var reason = isRefused ? MqttReasonCode.QuotaExceeded : Check(wish.Filter, filter);
            if (reason == MqttReasonCode.NotAuthorized) why ??= new Failure(ErrorCode.Forbidden, $"You have no right to read '{filter}'.", null);
            else if (reason.IsFailure()) why ??= new Failure(ErrorCode.BadKey, $"The server does not take '{filter}': see the reason code.", null);
            var most = MqttMessages.QualityOf((MqttQos)Math.Min((int)wish.Qos, Options.MaximumQos));
            var group = wish.Filter.IsShared ? Encoding.UTF8.GetString(wish.Filter.Group.Span) : null;
            var subscription = new SessionSubscription(filter, group, most, wish.NoLocal, wish.RetainAsPublished, identifier);
            wishes.Add((reason.IsFailure() ? null : subscription, wish.RetainHandling, reason));
        }

        return (wishes, why);
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
        if (!MayAnswer(new MqttUnsubAck { Reasons = reasons }.SizeOf(Version))) return;

        for (var i = 0; i < reasons.Length; i++)
        {
            var isEnded = await client.UnsubscribeAsync(keys[i], Id);
            var isChannel = !ChannelFilter.IsFilter(keys[i]) && !keys[i].StartsWith("$share/", StringComparison.Ordinal);
            if (isEnded && isChannel) Host.News.MemberLeft(this, keys[i]);
            reasons[i] = (byte)(isEnded ? MqttReasonCode.Success : MqttReasonCode.NoSubscriptionExisted);
        }

        Host.Metrics.CommandDone(CommandName.Unsubscribe, 0);
        new MqttUnsubAck { PacketId = packetId, Reasons = reasons }.Write(Gathered, Version);
    }

    private static List<string> KeysOf(in MqttUnsubscribe packet)
    {
        var keys = new List<string>();
        foreach (var filter in packet.Filters) keys.Add(Encoding.UTF8.GetString(filter.Text.Span));
        return keys;
    }

    private IEnumerable<(string Channel, Message Message)> FiguresFor(SessionSubscription subscription) =>
        subscription.Filter.StartsWith(MqttFigures.Prefix, StringComparison.Ordinal)
            ? Mqtt.Figures.Messages(Mqtt.Clients.Count, Host.Node.Id).Where(one => ChannelFilter.Matches(subscription.Filter, one.Channel))
            : [];
}
