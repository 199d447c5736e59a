using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Queues;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Tracing;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Commands;

/// <summary>qpush, qcount, qpeek, qdelete, qdeleteall and queues.</summary>
internal static class QueueCommands
{
    private static readonly ReplyBody<PushAnswer> Pushed = static (reply, head, answer) =>
    {
        if (answer.Refusal != Refusal.None)
        {
            Replies.Refused(reply, head, answer.Refusal);
            return;
        }

        Replies.Begin(reply, head);
        reply.Property("item"u8);
        reply.Number(answer.ItemId);
        reply.EndObject();
    };

    private static readonly ReplyBody<QueueCounts> Counted = static (reply, head, counts) =>
    {
        Replies.Begin(reply, head);
        reply.Property("value"u8);
        reply.Number(counts.Live);
        Listings.WriteCounts(reply, counts);
        reply.EndObject();
    };

    private static readonly ReplyBody<IReadOnlyList<QueueItem>> Peeked = static (reply, head, items) =>
    {
        Replies.Begin(reply, head);
        reply.Property("value"u8);
        reply.BeginArray();
        foreach (var item in items)
        {
            reply.Element();
            reply.BeginObject();
            WriteItem(reply, item);
            reply.EndObject();
        }

        reply.EndArray();
        reply.EndObject();
    };

    public static ValueTask PushAsync(Session session, Command command)
    {
        if (!Arguments.TryKey(session, command, mayBeSystem: false, out var key)) return default;
        if (!Permits.Check(session, command, Deed.Push, key)) return default;
        if (!Arguments.TryPayload(session, command, out var payload)) return default;
        if (!Arguments.TryHeaders(session, command, out var headers)) return default;
        if (!Arguments.TryNumber(session, command, CommandField.Priority, int.MinValue, int.MaxValue, 0, out var priority)) return default;
        if (!Arguments.TryTime(session, command, CommandField.Delay, out var delay)) return default;
        if (!Arguments.TryTime(session, command, CommandField.Ttl, out var ttl)) return default;
        if (!Arguments.TryText(session, command, CommandField.Id, out var id)) return default;

        var span = Spans.Begin(session, "push", key, headers, out headers);
        var request = new PushRequest(payload, headers, (int)priority, delay ?? TimeSpan.Zero, ttl, id);
        var pushed = session.Host.Engine.Queue(key, QueuePart.Live).PushAsync(request, session.Closed);
        session.Answer(Spans.Until(span, pushed), command, Pushed);
        return default;
    }

    public static ValueTask CountAsync(Session session, Command command)
    {
        if (!QueueNames.TryQueue(session, command, Deed.Peek, out var queue)) return default;

        session.Answer(queue.CountAsync(session.Closed), command, Counted);
        return default;
    }

    public static ValueTask DeleteAsync(Session session, Command command)
    {
        if (!QueueNames.TryQueue(session, command, Deed.DeleteQueue, out var queue)) return default;

        session.Answer(queue.ClearAsync(session.Closed), command, Replies.Cleared);
        return default;
    }

    public static ValueTask DeleteAllAsync(Session session, Command command)
    {
        if (!Permits.CheckAdmin(session, command)) return default;

        session.Answer(session.Host.Engine.ClearAllQueuesAsync(session.Closed), command, Replies.Cleared);
        return default;
    }

    public static ValueTask PeekAsync(Session session, Command command)
    {
        if (!QueueNames.TryQueue(session, command, Deed.Peek, out var queue)) return default;
        if (!Arguments.TryNumber(session, command, CommandField.Limit, 1, session.Host.Options.MaxListed, 1, out var limit)) return default;

        session.Answer(PeekAsync(session, queue, (int)limit), command, Peeked);
        return default;
    }

    private static async ValueTask<IReadOnlyList<QueueItem>> PeekAsync(Session session, IQueue queue, int limit)
    {
        var items = await queue.PeekAsync(limit, session.Closed);
        return Portion.Of(items, session.Host.Options.MaxListedBytes, item => (item.Payload, item.Headers));
    }

    public static ValueTask QueuesAsync(Session session, Command command)
    {
        if (!Arguments.TryList(session, command, out var request)) return default;

        if (!Permits.CheckKnown(session, command)) return default;

        var rights = session.Identity.Rights;
        var queues = session.Host.Engine.ListQueuesAsync(request, session.Closed);
        session.Answer(
            rights.IsAdmin ? queues : Listings.SeenAsync(queues, entry => rights.Allow(Deed.Peek, entry.Name) ? entry : null),
            command,
            Listings.Queues);
        return default;
    }

    /// <summary>The fields of an item, in an object that has begun.</summary>
    public static void WriteItem(ReplyWriter reply, QueueItem item)
    {
        JsonDeliveries.WritePayload(reply, item.Payload);
        reply.Property("item"u8);
        reply.Number(item.Id);
        reply.Property("priority"u8);
        reply.Number(item.Priority);
        reply.Property("attempts"u8);
        reply.Number(item.Attempts);
        reply.Property("time"u8);
        reply.Number(item.AddedAt.ToUnixTimeMilliseconds());
        JsonDeliveries.WriteHeaders(reply, item.Headers);
    }
}
