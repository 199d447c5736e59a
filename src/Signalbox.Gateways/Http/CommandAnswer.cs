using System.Text.Json;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>The command protocol over HTTP: an object is answered with its reply, an array with an array.</summary>
internal static class CommandAnswer
{
    // So much of a batch is gathered before it goes to the client.
    private const int ChunkBytes = 64 * 1024;

    // An element may be as deep as a command, and stands in one array.
    private static readonly JsonReaderOptions BatchOptions = new() { MaxDepth = 65 };

    /// <param name="command">The command's name from the address; null where each object has it.</param>
    public static ValueTask AnswerAsync(RequestSession session, string? command, ReadOnlyMemory<byte> body)
    {
        if (body.Span.TrimStart(" \t\r\n"u8) is not [(byte)'[', ..]) return AnswerOneAsync(session, command, body);
        if (TrySplit(body.Span, out var objects)) return AnswerAllAsync(session, command, body, objects);

        var problem = Problem.Of(ErrorCode.Malformed, "The body is not one JSON array: nothing of it was done.");
        problem.Write(session.Context.Response);
        return default;
    }

    private static async ValueTask AnswerOneAsync(RequestSession session, string? command, ReadOnlyMemory<byte> body)
    {
        await session.DoAsync(WithName(body, command));
        await session.SettleAsync();
        await Answers.WriteReplyAsync(session);
    }

    private static async ValueTask AnswerAllAsync(
        RequestSession session, string? command, ReadOnlyMemory<byte> body, List<Range> objects)
    {
        session.Context.Response.ContentType = Answers.Json;
        var output = new BatchWriter(session);
        for (var i = 0; i < objects.Count; i++)
        {
            if (session.End is null) await session.DoAsync(WithName(body[objects[i]], command));

            // What waits holds up the rest: the replies are to come in order, and a pop has its item to itself.
            if (session.Background.Count > 0 || session.IsCrowded || session.End is not null || i == objects.Count - 1)
            {
                await session.SettleAsync();
                while (session.ReplyCount <= i) session.AnswerEnded();
            }

            if (session.Replies.Length < ChunkBytes || !session.Pending.IsIdle) continue;
            if (!await output.SendAsync()) return;
        }

        await output.EndAsync();
    }

    private static bool TrySplit(ReadOnlySpan<byte> body, out List<Range> objects)
    {
        objects = [];
        try
        {
            var reader = new Utf8JsonReader(body, BatchOptions);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                objects.Add(start..(int)reader.BytesConsumed);
            }

            // Nothing but blanks may follow: anything else makes the reader throw.
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The object with the command's name as its last field, which is the one that counts.</summary>
    /// <remarks>It is put in front of the brace that ends the body, which ends the object if the body is one; if it is
    /// not, the result is not either.</remarks>
    private static ReadOnlyMemory<byte> WithName(ReadOnlyMemory<byte> body, string? command)
    {
        var rest = body.Span.Trim(" \t\r\n"u8);
        if (rest.IsEmpty) rest = "{}"u8;
        if (command is null || rest[^1] != '}') return body.IsEmpty ? "{}"u8.ToArray() : body;

        rest = rest[..^1].TrimEnd(" \t\r\n"u8);
        var named = new JsonBuffer();
        named.Write(rest);
        if (rest is not [(byte)'{']) named.Write((byte)',');
        named.Write("\"command\":"u8);
        var writer = new ReplyWriter(named);
        writer.Text(command);
        writer.EndObject();
        return named.WrittenMemory;
    }
}
