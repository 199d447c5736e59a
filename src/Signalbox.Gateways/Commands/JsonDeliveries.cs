using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Engine.Deliveries;
using Signalbox.Gateways.Outbound;
using Signalbox.Protocol.Json;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Commands;

/// <summary>How deliveries look in JSON, on every protocol that speaks it.</summary>
internal static class JsonDeliveries
{
    /// <param name="broadcastName">What a broadcast is called here: the dispatcher's wire has a spelling of its own.</param>
    public static void Write(ReplyWriter writer, Delivery delivery, ReadOnlySpan<byte> broadcastName)
    {
        switch (delivery)
        {
            case MessageDelivery message:
                WriteMessage(writer, message.Channel, message.Message, isRetained: false);
                break;

            case RetainedDelivery retained:
                WriteMessage(writer, retained.Channel, retained.Message, isRetained: true);
                break;

            case PresenceDelivery presence:
                WritePresence(writer, presence);
                break;

            case BroadcastDelivery broadcast:
                WriteUnnumbered(writer, broadcastName, broadcast.Payload, broadcast.Source, broadcast.Headers);
                break;

            case DirectDelivery direct:
                WriteUnnumbered(writer, "direct"u8, direct.Payload, direct.Source, direct.Headers);
                break;
        }
    }

    /// <param name="isRetained">Whether it is the channel's last value, given to a new subscriber, and not news.</param>
    private static void WriteMessage(ReplyWriter writer, string channel, Message message, bool isRetained)
    {
        writer.Raw("{\"command\":\"message\",\"key\":"u8);
        writer.Text(channel);
        WriteBody(writer, message);
        if (isRetained) writer.Raw(",\"retained\":true"u8);
        writer.EndObject();
    }

    // What comes by no channel, and so has no number.
    private static void WriteUnnumbered(
        ReplyWriter writer, ReadOnlySpan<byte> command, Payload payload, string source, Headers headers)
    {
        writer.BeginObject();
        writer.Property("command"u8);
        writer.Text(command);
        WritePayload(writer, payload);
        writer.Property("source"u8);
        writer.Text(source);
        WriteHeaders(writer, headers);
        writer.EndObject();
    }

    /// <summary>A message as an element of a history.</summary>
    public static void WriteHistoryEntry(ReplyWriter writer, Message message)
    {
        writer.Raw("{\"offset\":"u8);
        writer.Number(message.Offset);
        WritePayload(writer, message.Payload);
        WriteOrigin(writer, message);
        writer.EndObject();
    }

    public static void WriteMember(ReplyWriter writer, Member member)
    {
        writer.BeginObject();
        writer.Property("id"u8);
        writer.Text(member.Id);
        writer.Property("peer"u8);
        writer.Text(member.Peer);
        if (member.Name is not null)
        {
            writer.Property("name"u8);
            writer.Text(member.Name);
        }

        if (member.User is not null)
        {
            writer.Property("user"u8);
            writer.Text(member.User);
        }

        writer.Property("since"u8);
        writer.Number(member.Since.ToUnixTimeMilliseconds());
        writer.EndObject();
    }

    /// <summary>Tells a slow reader what it was not given.</summary>
    public static void WriteGap(ReplyWriter writer, Gap gap)
    {
        writer.Raw("{\"command\":\"missed\",\"key\":"u8);
        writer.Text(gap.Channel);
        writer.Property("from"u8);
        writer.Number(gap.From);
        writer.Property("to"u8);
        writer.Number(gap.To);
        writer.EndObject();
    }

    public static void WritePayload(ReplyWriter writer, Payload payload) =>
        writer.ValueProperty(payload.Bytes.Span, payload.Kind switch
        {
            PayloadKind.Json => ValueFormat.Json,
            PayloadKind.Text => ValueFormat.Text,
            _ => ValueFormat.Binary,
        });

    /// <summary>Headers as an object; of a name that comes more than once the values are an array.</summary>
    public static void WriteHeaders(ReplyWriter writer, Headers headers) => WriteHeaders(writer, "user"u8, headers);

    public static void WriteHeaders(ReplyWriter writer, ReadOnlySpan<byte> name, Headers headers)
    {
        if (headers.IsEmpty) return;

        writer.Property(name);
        writer.BeginObject();
        foreach (var group in headers.Entries.GroupBy(entry => entry.Key, entry => entry.Value))
        {
            writer.TextProperty(group.Key);
            if (group.Count() == 1)
            {
                writer.Text(group.First());
                continue;
            }

            writer.BeginArray();
            foreach (var value in group)
            {
                writer.Element();
                writer.Text(value);
            }

            writer.EndArray();
        }

        writer.EndObject();
    }

    private static void WriteBody(ReplyWriter writer, Message message)
    {
        WritePayload(writer, message.Payload);
        writer.Raw(",\"source\":"u8);
        writer.Text(message.Source);
        writer.Raw(",\"offset\":"u8);
        writer.Number(message.Offset);
        writer.Raw(",\"time\":"u8);
        writer.Number(message.Time.ToUnixTimeMilliseconds());
        WriteHeaders(writer, message.Headers);
    }

    private static void WriteOrigin(ReplyWriter writer, Message message)
    {
        writer.Property("source"u8);
        writer.Text(message.Source);
        writer.Property("time"u8);
        writer.Number(message.Time.ToUnixTimeMilliseconds());
        WriteHeaders(writer, message.Headers);
    }

    private static void WritePresence(ReplyWriter writer, PresenceDelivery presence)
    {
        writer.BeginObject();
        writer.Property("command"u8);
        writer.Text(presence.Joined ? "join"u8 : "leave"u8);
        writer.Property("key"u8);
        writer.Text(presence.Channel);
        writer.Property("member"u8);
        WriteMember(writer, presence.Member);
        writer.Property("time"u8);
        writer.Number(presence.Time.ToUnixTimeMilliseconds());
        writer.EndObject();
    }
}
