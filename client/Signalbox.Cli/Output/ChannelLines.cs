using System.Text.Json;
using Signalbox.Client;

namespace Signalbox.Cli.Output;

/// <summary>Prints what happens in channels, a line each: messages, gaps, who comes and goes.</summary>
internal sealed class ChannelLines(Printer printer)
{
    private const string BroadcastName = "(all)";
    private const string DirectName = "(you)";
    private int _channelWidth;

    public void Print(object news)
    {
        switch (news)
        {
            case Message message:
                printer.Print(json => WriteMessage(json, message), () => TextOf(message));
                break;

            case Gap gap:
                printer.Print(json => WriteGap(json, gap), () => $"{Head(null, gap.Channel)}  -- messages were missed: {gap.Reason} --");
                break;

            case PresenceChange change:
                printer.Print(json => WriteChange(json, change), () => TextOf(change));
                break;
        }
    }

    public static void WriteMember(Utf8JsonWriter json, Member member)
    {
        json.WriteString("id", member.Id);
        json.WriteString("peer", member.Peer);
        if (member.Name is { } name) json.WriteString("name", name);
        if (member.User is { } user) json.WriteString("user", user);
        json.WriteNumber("since", member.Since.ToUnixTimeMilliseconds());
    }

    public static void WriteMessage(Utf8JsonWriter json, Message message)
    {
        json.WriteString("event", message.IsDirect ? "direct" : message.Channel.Length == 0 ? "broadcast" : "message");
        if (message.Channel.Length > 0)
        {
            json.WriteString("channel", message.Channel);
            json.WriteNumber("offset", message.Offset);
        }

        if (message.Position is { } position) json.WriteString("epoch", position.Epoch);
        if (message.Time is { } time) json.WriteNumber("time", time.ToUnixTimeMilliseconds());
        json.WriteString("source", message.Source);
        if (message.IsRetained) json.WriteBoolean("retained", true);
        Printer.WriteHeaders(json, message.Headers);
        Printer.WriteValue(json, message.Value);
    }

    private static void WriteGap(Utf8JsonWriter json, Gap gap)
    {
        json.WriteString("event", "gap");
        json.WriteString("channel", gap.Channel);
        json.WriteString("reason", gap.Reason.ToString());
        if (gap.After is { } after) json.WriteNumber("after", after.Offset);
        if (gap.Now is not { } now) return;

        json.WriteNumber("offset", now.Offset);
        json.WriteString("epoch", now.Epoch);
    }

    private static void WriteChange(Utf8JsonWriter json, PresenceChange change)
    {
        json.WriteString("event", change.Joined ? "join" : "leave");
        json.WriteString("channel", change.Channel);
        json.WriteNumber("time", change.Time.ToUnixTimeMilliseconds());
        json.WriteStartObject("member");
        WriteMember(json, change.Member);
        json.WriteEndObject();
    }

    private string TextOf(Message message)
    {
        var offset = message.Channel.Length == 0 ? "" : Line.Of(message.Offset);
        var headers = string.Concat(message.Headers.Select(header => $"  {Line.Of(header.Key)}={Line.Of(header.Value)}"));
        var retained = message.IsRetained ? "  (retained)" : "";
        var channel = message.IsDirect ? DirectName : message.Channel;
        return $"{Head(message.Time, channel)}  {offset,6}  {Line.Of(message.Text)}{headers}{retained}";
    }

    private string TextOf(PresenceChange change)
    {
        var who = Line.Of(change.Member.Name ?? change.Member.Peer);
        return $"{Head(change.Time, change.Channel)}  -- {who} {(change.Joined ? "came" : "left")} --";
    }

    // As wide as the widest so far: the columns settle after the first lines.
    private string Head(DateTimeOffset? time, string channel)
    {
        var name = channel.Length == 0 ? BroadcastName : Line.Of(channel);
        _channelWidth = Math.Max(_channelWidth, name.Length);
        return $"{(time is { } known ? printer.LocalTime(known) : ""),12}  {name.PadRight(_channelWidth)}";
    }
}
