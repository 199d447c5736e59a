using Signalbox.Core.Queues;
using Signalbox.Engine.Listing;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Commands;

/// <summary>The replies that enumerate: a value, and a <c>cursor</c> where there is more.</summary>
internal static class Listings
{
    public static readonly ReplyBody<Page<string>> Names = static (reply, head, page) =>
    {
        Replies.Begin(reply, head);
        reply.Property("value"u8);
        reply.BeginArray();
        foreach (var name in page.Entries)
        {
            reply.Element();
            reply.Text(name);
        }

        reply.EndArray();
        WriteCursor(reply, page.Next);
        reply.EndObject();
    };

    public static readonly ReplyBody<Page<ChannelEntry>> Channels = static (reply, head, page) =>
    {
        Replies.Begin(reply, head);
        reply.Property("value"u8);
        reply.BeginObject();
        foreach (var entry in page.Entries)
        {
            reply.TextProperty(entry.Name);
            reply.BeginArray();
            foreach (var peer in entry.Peers)
            {
                reply.Element();
                reply.Text(peer);
            }

            reply.EndArray();
        }

        reply.EndObject();
        WriteCursor(reply, page.Next);
        reply.EndObject();
    };

    public static readonly ReplyBody<Page<QueueEntry>> Queues = static (reply, head, page) =>
    {
        Replies.Begin(reply, head);
        reply.Property("value"u8);
        reply.BeginObject();
        foreach (var entry in page.Entries)
        {
            reply.TextProperty(entry.Name);
            reply.BeginObject();
            WriteCounts(reply, entry.Counts);
            reply.EndObject();
        }

        reply.EndObject();
        WriteCursor(reply, page.Next);
        reply.EndObject();
    };

    /// <summary>What may be seen of a page: it is shorter then, and goes on where it would have.</summary>
    /// <param name="see">The entry, or what may be seen of it; null for nothing.</param>
    public static async ValueTask<Page<T>> SeenAsync<T>(ValueTask<Page<T>> listing, Func<T, T?> see)
        where T : class
    {
        var page = await listing;
        return page with { Entries = [.. page.Entries.Select(see).OfType<T>()] };
    }

    public static void WriteCounts(ReplyWriter reply, QueueCounts counts)
    {
        reply.Property("ready"u8);
        reply.Number(counts.Ready);
        reply.Property("delayed"u8);
        reply.Number(counts.Delayed);
        reply.Property("leased"u8);
        reply.Number(counts.Leased);
        reply.Property("dead"u8);
        reply.Number(counts.Dead);
    }

    private static void WriteCursor(ReplyWriter reply, string? next)
    {
        if (next is null) return;

        reply.Property("cursor"u8);
        reply.Text(next);
    }
}
