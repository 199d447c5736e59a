using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Names;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Sse;

/// <summary>How a stream begins: it enters its channels, says where it stands, gives what was missed, and goes live.</summary>
internal static class SseEntering
{
    // No numbering is called so: whoever comes from here is told that nothing is recovered, and where history begins.
    private static readonly ChannelPosition Nowhere = new("?", 0);

    /// <summary>What to enter, in which order.</summary>
    /// <remarks>A channel that a filter brought before is entered by its name as well, since it has a position of its own
    /// to come back to; without being present there. Filters come last: a channel's own subscription goes before the
    /// filter's from its first message on, so that nothing waits in both.</remarks>
    public static IEnumerable<Subscribing.Entrance> Plan(SseRequest request)
    {
        var filters = request.Names.Where(name => ChannelFilter.IsFilter(name)).ToList();
        foreach (var name in request.Names.Except(filters))
        {
            yield return new Subscribing.Entrance(name, From(request, name), AsMember: true);
        }

        foreach (var (name, position) in request.Known ?? [])
        {
            if (request.Names.Contains(name) || !filters.Exists(filter => ChannelFilter.Matches(filter, name))) continue;
            yield return new Subscribing.Entrance(name, position, AsMember: false);
        }

        // What a filter has not seen yet it cannot have missed knowingly: it is never recovered, its channels are.
        foreach (var filter in filters)
        {
            yield return new Subscribing.Entrance(filter, request.Known is null ? null : Nowhere, AsMember: false);
        }
    }

    /// <summary>The first bytes: who speaks, when to come back, and where the stream stands in each channel.</summary>
    public static ReadOnlyMemory<byte> Opening(
        SseSession session, SseRequest request, List<Subscribing.Entry> entries, TimeSpan retry)
    {
        var buffer = new JsonBuffer();
        var writer = new ReplyWriter(buffer);
        var piece = session.Events.Begin(buffer);
        writer.Raw(": signalbox, "u8);
        writer.Raw(Encoding.UTF8.GetBytes(string.Join(", ", request.Names)));
        writer.Raw("\nretry: "u8);
        writer.Number((long)retry.TotalMilliseconds);
        writer.Raw("\n\n"u8);

        var start = buffer.Length;
        foreach (var entry in entries) WritePosition(writer, session, request, entry);
        if (session.Positions is { } positions) writer.Raw(positions.Line);
        SseFormat.BeginEvent(writer, request.Known is null ? "subscribed"u8 : "recovered"u8);
        Subscribing.SubscribedReply(
            writer,
            new ReplyHead(CommandName.Subscribe, "\"subscribe\""u8, default, default),
            new Subscribing.Subscribed([.. session.Subscriptions.Names], IsOne: false, entries));
        SseFormat.EndEvent(buffer, start);
        session.Events.End(buffer, piece);
        return buffer.WrittenMemory;
    }

    /// <summary>Sends what was missed in all channels, then lets all go live.</summary>
    /// <remarks>Not one after the other: the id of a missed message says where the stream is in every channel, and is
    /// written before it waits for its turn. So nothing live may come between.</remarks>
    public static async ValueTask GoLiveAsync(SseSession session, List<Subscribing.Entry> entries)
    {
        foreach (var entry in entries) await Subscribing.SendMissedAsync(session, entry);
        foreach (var entry in entries) Subscribing.GoLive(session, entry);
        session.Rest();
    }

    private static ChannelPosition? From(SseRequest request, string name)
    {
        if (request.Known is not { } known) return null;
        if (known.TryGetValue(name, out var position)) return position;
        return request.IsOneChannel && known.TryGetValue(SseId.OnlyChannel, out position) ? position : Nowhere;
    }

    // Before what was missed is sent the stream is where it broke off.
    private static void WritePosition(ReplyWriter writer, SseSession session, SseRequest request, Subscribing.Entry entry)
    {
        if (entry.Answer is not { } answer) return;

        var position = answer.Recovered && entry.From is { } from ? from : answer.Position;
        if (session.Positions is { } positions) positions.Begin(entry.Name, position, request.Names.Contains(entry.Name));
        else SseFormat.WriteId(writer, position);
    }
}
