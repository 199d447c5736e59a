using System.Collections.Immutable;
using Signalbox.Core.Channels;
using Signalbox.Core.Payloads;
using Signalbox.Core.Queues;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;

namespace Signalbox.Engine.Binary;

/// <summary>What several records have in them.</summary>
internal static class PartForm
{
    // A list's room is made for what is likely; a longer one grows with what truly comes.
    private const int LikelyCount = 64;

    public delegate void PartWriter<T>(RecordWriter writer, T part);

    public delegate T PartReader<T>(ref RecordReader reader);

    public static void Write(RecordWriter writer, Payload payload)
    {
        writer.Byte((byte)payload.Kind);
        writer.Blob(payload.Bytes.Span);
    }

    public static Payload ReadPayload(ref RecordReader reader)
    {
        var kind = (PayloadKind)reader.Choice((byte)PayloadKind.Json);
        return new Payload(reader.Blob().ToArray(), kind);
    }

    public static void Write(RecordWriter writer, Headers headers)
    {
        writer.Count(headers.Entries.Length);
        foreach (var (name, text) in headers.Entries)
        {
            writer.Text(name);
            writer.Text(text);
        }
    }

    public static Headers ReadHeaders(ref RecordReader reader)
    {
        var count = reader.Count();
        if (count == 0) return Headers.None;

        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(Math.Min(count, LikelyCount));
        for (var i = 0; i < count && !reader.IsBroken; i++) entries.Add(new(reader.Text(), reader.Text()));
        return new Headers(entries.DrainToImmutable());
    }

    /// <summary>What headers have beside their entries: at the end of what has them, and only where it says something.</summary>
    public static void WriteQuality(RecordWriter writer, Headers headers)
    {
        if (headers.Quality == Quality.Any) return;

        writer.Present();
        writer.Byte((byte)headers.Quality);
    }

    public static Quality ReadQuality(ref RecordReader reader) =>
        reader.IsPresent() ? (Quality)reader.Choice((byte)Quality.ExactlyOnce) : Quality.Any;

    public static void Write(RecordWriter writer, ChannelPosition position)
    {
        // The default position, of a refusal, names no epoch.
        writer.Text(position.Epoch ?? "");
        writer.Number(position.Offset);
    }

    public static ChannelPosition ReadPosition(ref RecordReader reader) => new(reader.Text(), reader.Number());

    public static void Write(RecordWriter writer, Refusal refusal) => writer.Byte((byte)refusal);

    // Any number: a later version may refuse for reasons that this one does not know, and it is a refusal all the same.
    public static Refusal ReadRefusal(ref RecordReader reader) => (Refusal)reader.Byte();

    public static void Write(RecordWriter writer, Receipt receipt)
    {
        writer.Number(receipt.Item);
        writer.Number(receipt.Lease);
    }

    public static Receipt ReadReceipt(ref RecordReader reader) => new(reader.Number(), reader.Int());

    public static void Write(RecordWriter writer, Message message)
    {
        var start = writer.Begin();
        writer.Number(message.Offset);
        writer.Time(message.Time);
        Write(writer, message.Payload);
        Write(writer, message.Headers);
        writer.Text(message.Source);
        writer.Flag(message.Retain);
        writer.OptionalText(message.Sender);
        WriteQuality(writer, message.Headers);
        writer.End(start);
    }

    public static Message ReadMessage(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var offset = reader.Number();
        var time = reader.Time();
        var payload = ReadPayload(ref reader);
        var headers = ReadHeaders(ref reader);
        var source = reader.Text();
        var retain = reader.Flag();
        var sender = reader.OptionalText();
        headers = headers.With(ReadQuality(ref reader));
        reader.End(outer);
        return new Message(offset, time, payload, headers, source, sender, retain);
    }

    public static void Write(RecordWriter writer, Member member)
    {
        var start = writer.Begin();
        writer.Text(member.Id);
        writer.Text(member.Node);
        writer.Text(member.Peer);
        writer.Time(member.Since);
        writer.OptionalText(member.Name);
        writer.OptionalText(member.User);
        writer.End(start);
    }

    public static Member ReadMember(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var id = reader.Text();
        var node = reader.Text();
        var peer = reader.Text();
        var since = reader.Time();
        var name = reader.OptionalText();
        var user = reader.OptionalText();
        reader.End(outer);
        return new Member(id, node, peer, name, user, since);
    }

    public static void Write(RecordWriter writer, QueueItem item)
    {
        var start = writer.Begin();
        writer.Number(item.Id);
        writer.Number(item.Priority);
        writer.Number(item.Attempts);
        writer.Time(item.AddedAt);
        Write(writer, item.Payload);
        Write(writer, item.Headers);
        writer.OptionalTime(item.ExpiresAt);
        writer.End(start);
    }

    public static QueueItem ReadItem(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var id = reader.Number();
        var priority = reader.Int();
        var attempts = reader.Int();
        var addedAt = reader.Time();
        var payload = ReadPayload(ref reader);
        var headers = ReadHeaders(ref reader);
        var expiresAt = reader.OptionalTime();
        reader.End(outer);
        return new QueueItem(id, priority, attempts, addedAt, expiresAt, payload, headers);
    }

    public static void Write(RecordWriter writer, UserConnection connection)
    {
        var start = writer.Begin();
        writer.Text(connection.Id);
        writer.Text(connection.Node);
        writer.Text(connection.Peer);
        writer.Text(connection.Protocol);
        writer.Time(connection.Since);
        writer.OptionalText(connection.Name);
        WriteOptional(writer, connection.Token, Write);
        writer.End(start);
    }

    public static void Write(RecordWriter writer, TokenStamp token)
    {
        var start = writer.Begin();
        writer.OptionalText(token.Id);
        writer.OptionalTime(token.IssuedAt);
        writer.End(start);
    }

    public static TokenStamp ReadToken(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var id = reader.OptionalText();
        var issuedAt = reader.OptionalTime();
        reader.End(outer);
        return new TokenStamp(id, issuedAt);
    }

    public static UserConnection ReadConnection(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var id = reader.Text();
        var node = reader.Text();
        var peer = reader.Text();
        var protocol = reader.Text();
        var since = reader.Time();
        var name = reader.OptionalText();
        var token = ReadOptional(ref reader, ReadToken);
        reader.End(outer);
        return new UserConnection(id, node, peer, protocol, name, since, token);
    }

    public static void WriteOptional<T>(RecordWriter writer, T? part, PartWriter<T> write)
        where T : class
    {
        if (part is null)
        {
            writer.Absent();
            return;
        }

        writer.Present();
        write(writer, part);
    }

    public static T? ReadOptional<T>(ref RecordReader reader, PartReader<T> read)
        where T : class => reader.IsPresent() ? read(ref reader) : null;

    public static void WriteList<T>(RecordWriter writer, IReadOnlyList<T> parts, PartWriter<T> write)
    {
        writer.Count(parts.Count);
        foreach (var part in parts) write(writer, part);
    }

    public static IReadOnlyList<T> ReadList<T>(ref RecordReader reader, PartReader<T> read)
    {
        var count = reader.Count();
        if (count == 0) return [];

        var parts = new List<T>(Math.Min(count, LikelyCount));
        for (var i = 0; i < count && !reader.IsBroken; i++) parts.Add(read(ref reader));
        return parts;
    }
}
