using Signalbox.Core.Channels;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Listing;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;

namespace Signalbox.Gateways.Commands;

/// <summary>channels, history and presence: what can be asked of channels.</summary>
internal static class ChannelCommands
{
    private static readonly ReplyBody<HistoryRead> HistoryReply = static (reply, head, read) =>
    {
        Replies.Begin(reply, head);
        reply.Property("value"u8);
        reply.BeginArray();
        foreach (var message in read.Messages)
        {
            reply.Element();
            JsonDeliveries.WriteHistoryEntry(reply, message);
        }

        reply.EndArray();
        reply.Property("offset"u8);
        reply.Number(read.Position.Offset);
        reply.Property("epoch"u8);
        reply.Text(read.Position.Epoch);
        reply.Property("first"u8);
        reply.Number(read.First);
        reply.Property("complete"u8);
        reply.Boolean(read.IsComplete);
        reply.EndObject();
    };

    private static readonly ReplyBody<PresenceAnswer> PresenceReply = static (reply, head, answer) =>
    {
        if (answer.Refusal != Refusal.None)
        {
            Replies.Refused(reply, head, answer.Refusal);
            return;
        }

        Replies.Begin(reply, head);
        reply.Property("value"u8);
        reply.BeginArray();
        foreach (var member in answer.Members)
        {
            reply.Element();
            JsonDeliveries.WriteMember(reply, member);
        }

        reply.EndArray();
        reply.EndObject();
    };

    public static ValueTask ChannelsAsync(Session session, Command command)
    {
        if (!Arguments.TryList(session, command, out var request)) return default;

        if (!Permits.CheckKnown(session, command)) return default;

        var (rules, identity) = (session.Host.Rules, session.Identity);
        var channels = session.Host.Engine.ListChannelsAsync(request, session.Closed);
        session.Answer(
            Listings.SeenAsync(channels, entry => Seen(rules, identity, entry)), command, Listings.Channels);
        return default;
    }

    public static async ValueTask HistoryAsync(Session session, Command command)
    {
        if (!Arguments.TryKey(session, command, mayBeSystem: true, out var channel)) return;
        if (!Permits.CheckReading(session, command, channel)) return;
        var most = session.Host.Options.MaxListed;
        if (!Arguments.TryNumber(session, command, CommandField.Since, 0, long.MaxValue, 0, out var since)) return;
        if (!Arguments.TryNumber(session, command, CommandField.Limit, 1, most, most, out var limit)) return;
        if (!Arguments.TryFlag(session, command, CommandField.Reverse, out var isReverse)) return;
        if (!Arguments.TryText(session, command, CommandField.Epoch, out var epoch)) return;

        var request = new HistoryRequest(since, (int)limit, isReverse);
        var read = await session.Host.Engine.Channel(channel).HistoryAsync(request, session.Closed);
        if (epoch is not null && epoch != read.Position.Epoch)
        {
            session.Fail(
                command, ErrorCode.HistoryGone, "The channel's numbering began anew since then: read its history without 'epoch'.");
            return;
        }

        var some = Portion.Of(read.Messages, session.Host.Options.MaxListedBytes, message => (message.Payload, message.Headers));
        var part = some.Count == read.Messages.Count ? read : read with { Messages = some, IsComplete = false };
        session.Answer(new ValueTask<HistoryRead>(part), command, HistoryReply);
    }

    public static ValueTask PresenceAsync(Session session, Command command)
    {
        if (!Arguments.TryKey(session, command, mayBeSystem: true, out var channel)) return default;
        if (!Permits.CheckPresence(session, command, channel)) return default;

        session.Answer(session.Host.Engine.Channel(channel).PresenceAsync(session.Closed), command, PresenceReply);
        return default;
    }

    // That there is such a channel is for those who may read it, and who is there for those who may see that.
    private static ChannelEntry? Seen(ChannelRules rules, Identity identity, ChannelEntry entry) =>
        !Permits.MayRead(rules, identity, entry.Name) ? null
        : Permits.MaySeePresence(rules, identity, entry.Name) ? entry
        : entry with { Peers = [] };
}
