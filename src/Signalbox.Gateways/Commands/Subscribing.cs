using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Nodes;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Commands;

/// <summary>subscribe and unsubscribe: the reply, then what was missed, then what comes.</summary>
internal static class Subscribing
{
    // What was missed goes out in pieces, between which a slow reader is waited for.
    private const int PieceMessages = 64;

    public const string RefusedMessage = "The channel has as many members, or the server as many channels, as allowed.";

    /// <summary>The reply, which other protocols that have no replies say in their own way.</summary>
    public static readonly ReplyBody<Subscribed> SubscribedReply = static (reply, head, subscribed) =>
    {
        WriteNames(reply, head, subscribed.Names);
        if (subscribed.IsOne)
        {
            if (subscribed.Entries is [{ Answer: { } answer }])
            {
                reply.Property("offset"u8);
                reply.Number(answer.Position.Offset);
                reply.Property("epoch"u8);
                reply.Text(answer.Position.Epoch);
            }

            WriteRecovery(reply, subscribed.Entries[0]);
        }
        else
        {
            reply.Property("channels"u8);
            reply.BeginObject();
            foreach (var entry in subscribed.Entries)
            {
                reply.TextProperty(entry.Name);
                reply.BeginObject();
                if (entry.Answer is { } answer)
                {
                    reply.Property("offset"u8);
                    reply.Number(answer.Position.Offset);
                    reply.Property("epoch"u8);
                    reply.Text(answer.Position.Epoch);
                }

                WriteRecovery(reply, entry);
                reply.EndObject();
            }

            reply.EndObject();
        }

        reply.EndObject();
    };

    private static readonly ReplyBody<IReadOnlyList<string>> UnsubscribedReply = static (reply, head, names) =>
    {
        WriteNames(reply, head, names);
        reply.EndObject();
    };

    public static async ValueTask SubscribeAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryKeys(session, command, mayBeSystem: true, out var names)) return;
        if (!Positions.TryRead(session, command, names, out var positions)) return;
        if (!CheckNames(session, command, names)) return;

        var isOne = command.KeyKind == KeyKind.One;
        await session.Pending.WhenIdleAsync();
        var entrances = names.Distinct().Select(
            name => new Entrance(name, positions.TryGetValue(name, out var from) ? from : null, AsMember: true));
        var (failure, allowed) = await AskAsync(session, entrances);
        if (failure is not null)
        {
            session.Fail(command, failure);
            return;
        }

        if (await EnterAllAsync(session, allowed) is not { } entries)
        {
            FailRefused(session, command);
            return;
        }

        var subscribed = new Subscribed([.. session.Subscriptions.Names], isOne, entries);
        session.Answer(new ValueTask<Subscribed>(subscribed), command, SubscribedReply);
        session.FlushReplies();
        foreach (var entry in entries) await GoLiveAsync(session, entry);
    }

    /// <summary>Enters one channel, whose messages come from <see cref="GoLiveAsync"/> on; or answers with the error.</summary>
    public static async ValueTask<Entry?> EnterAsync(CommandSession session, Command command, string name)
    {
        if (!CheckNames(session, command, [name])) return null;
        var (failure, allowed) = await AskAsync(session, [new Entrance(name, null, AsMember: true)]);
        if (failure is not null)
        {
            session.Fail(command, failure);
            return null;
        }

        if (await EnterAllAsync(session, allowed) is { } entries) return entries[0];

        FailRefused(session, command);
        return null;
    }

    public static async ValueTask UnsubscribeAsync(CommandSession session, Command command)
    {
        if (!Arguments.TryKeys(session, command, mayBeSystem: true, out var names)) return;

        await session.Pending.WhenIdleAsync();
        foreach (var name in names) await session.Subscriptions.LeaveAsync(session, name);
        IReadOnlyList<string> left = [.. session.Subscriptions.Names];
        session.Answer(new ValueTask<IReadOnlyList<string>>(left), command, UnsubscribedReply);
    }

    /// <param name="left">How many more it may have.</param>
    public static Failure TooMany(CommandSession session, int left) => Failure.Limited(
        $"A connection has at most {session.MaxSubscriptions} subscriptions: leave some, or use a filter.", Math.Max(0, left));

    private static void FailRefused(CommandSession session, Command command) =>
        session.Fail(command, ErrorCode.LimitExceeded, RefusedMessage);

    private static bool CheckNames(CommandSession session, Command command, List<string> names)
    {
        foreach (var name in names)
        {
            if (ChannelFilter.IsFilter(name) && !ChannelFilter.IsValid(name))
            {
                session.Fail(command, ErrorCode.BadKey, "In a filter '+' and '#' stand alone on their level, and '#' only on the last.");
                return false;
            }

            if (!Permits.CheckReading(session, command, name)) return false;
        }

        var added = names.Distinct().Count(name => session.Subscriptions.Find(name) is null);
        if (session.Subscriptions.Count + added <= session.MaxSubscriptions) return true;

        session.Fail(command, TooMany(session, session.MaxSubscriptions - session.Subscriptions.Count));
        return false;
    }

    /// <summary>Asks the backend about all of these that it wants to be asked about, before any is entered.</summary>
    /// <returns>Why they may not be entered, or how they are.</returns>
    public static async ValueTask<(Failure? Failure, List<Entrance> Allowed)> AskAsync(
        CommandSession session, IEnumerable<Entrance> entrances)
    {
        var allowed = new List<Entrance>();
        foreach (var entrance in entrances)
        {
            var (name, from, asMember) = entrance;
            // Who is no member of a channel comes in by a filter that was asked about.
            var isAsked = session.Host.Backend.AsksToSubscribe(name) && (asMember || ChannelFilter.IsFilter(name));
            if (isAsked && session.Subscriptions.Find(name) is null)
            {
                (var failure, from) = await session.Host.Backend.SubscribeAsync(session, name, from);
                if (failure is not null) return (failure, allowed);
            }

            allowed.Add(entrance with { From = from });
        }

        return (null, allowed);
    }

    /// <summary>Enters channels and filters, one after the other; each has to be let go live then.</summary>
    /// <returns>Null where one was refused: those that came before it are left again.</returns>
    public static async ValueTask<List<Entry>?> EnterAllAsync(CommandSession session, IEnumerable<Entrance> entrances)
    {
        var entries = new List<Entry>();
        foreach (var entrance in entrances)
        {
            var entry = await EnterAsync(session, entrance);
            if (entry is { Answer.Refusal: not Refusal.None })
            {
                foreach (var done in entries) await session.Subscriptions.LeaveAsync(session, done.Name);
                return null;
            }

            entries.Add(entry);
        }

        return entries;
    }

    private static async ValueTask<Entry> EnterAsync(CommandSession session, Entrance entrance)
    {
        var (name, from, asMember) = entrance;
        var isFilter = ChannelFilter.IsFilter(name);
        var known = session.Subscriptions.Find(name);
        if (known is not null && from is null)
        {
            // Subscribed already: it is told where the channel stands, and nothing else changes.
            var standing = isFilter
                ? null
                : await session.Host.Engine.Channel(name).EnterAsync(new EnterRequest(null, null), session.Closed);
            return new Entry(name, null, standing is null ? null : standing with { Retained = null }, from);
        }

        // Who names a position comes in anew, from there.
        if (known is not null) await session.Subscriptions.LeaveAsync(session, name);

        var subscription = await session.Host.Node.SubscribeAsync(session, name, session.Closed);
        if (isFilter)
        {
            session.Subscriptions.Add(name, subscription, isMember: false);
            return new Entry(name, subscription, null, from);
        }

        var answer = await session.Host.Engine.Channel(name)
            .EnterAsync(new EnterRequest(asMember ? MemberOf(session) : null, from), session.Closed);
        if (answer.Refusal == Refusal.None)
        {
            session.Subscriptions.Add(name, subscription, asMember);
            if (asMember) session.Host.News.MemberJoined(session, name);
        }
        else
        {
            await session.Host.Node.UnsubscribeAsync(subscription, CancellationToken.None);
        }

        return new Entry(name, subscription, answer, from);
    }

    public static async ValueTask GoLiveAsync(CommandSession session, Entry entry)
    {
        await SendMissedAsync(session, entry);
        GoLive(session, entry);
    }

    /// <summary>Sends the retained value and what was missed, unless the session ends meanwhile.</summary>
    public static async ValueTask SendMissedAsync(CommandSession session, Entry entry)
    {
        if (entry.Subscription is null || entry.Answer is not { } answer) return;

        if (answer.Retained is { } retained) session.Send(new RetainedDelivery(entry.Name, retained));
        for (var i = 0; i < answer.Messages.Count && session.End is null; i += PieceMessages)
        {
            if (session.Outbound.IsBehind) await session.Outbound.WaitForRoomAsync();
            foreach (var message in answer.Messages.Skip(i).Take(PieceMessages))
            {
                session.Send(new MessageDelivery(entry.Name, answer.Position.Epoch, message));
            }

            session.FlushReplies();
        }

        session.FlushReplies();
    }

    /// <summary>From here on the session gets what comes, and first what came since it entered.</summary>
    public static void GoLive(CommandSession session, Entry entry)
    {
        // A session that has ended may not have sent all that was missed: what is live would come behind a gap.
        if (entry.Subscription is null || session.End is not null) return;

        if (entry.Answer is { } answer) session.Host.Node.GoLive(entry.Subscription, answer);
        else entry.Subscription.GoLive(new ChannelPosition("", 0));
    }

    private static Member MemberOf(CommandSession session) =>
        new(session.Id, session.Host.Node.Id, session.Peer, session.Name, session.Identity.User, session.Host.Clock.GetUtcNow());

    private static void WriteNames(ReplyWriter reply, scoped ReplyHead head, IReadOnlyList<string> names)
    {
        reply.BeginReply(head.Command);
        reply.Property("key"u8);
        reply.BeginArray();
        foreach (var name in names)
        {
            reply.Element();
            reply.Text(name);
        }

        reply.EndArray();
        reply.Ok(head.Seq);
    }

    private static void WriteRecovery(ReplyWriter reply, Entry entry)
    {
        if (entry.From is null) return;

        reply.Property("recovered"u8);
        reply.Boolean(entry.Answer?.Recovered ?? false);
        if (entry.Answer is not { Recovered: false } answer) return;

        reply.Property("first"u8);
        reply.Number(answer.First);
    }

    /// <summary>A channel or filter that is to be entered.</summary>
    /// <param name="From">Where the subscriber was; null where it comes for the first time.</param>
    /// <param name="AsMember">Whether it is to be among those present.</param>
    public readonly record struct Entrance(string Name, ChannelPosition? From, bool AsMember);

    /// <summary>One channel or filter of a subscribe.</summary>
    /// <param name="Subscription">Null where the connection had it already.</param>
    /// <param name="Answer">Null for a filter: it stands nowhere, its channels do.</param>
    public sealed record Entry(string Name, Subscription? Subscription, EnterAnswer? Answer, ChannelPosition? From);

    public sealed record Subscribed(IReadOnlyList<string> Names, bool IsOne, List<Entry> Entries);
}
