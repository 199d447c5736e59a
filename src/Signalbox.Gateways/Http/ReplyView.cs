using System.Text.Json;
using Signalbox.Protocol.Json;

namespace Signalbox.Gateways.Http;

/// <summary>Looks into a reply to a command, for what HTTP says otherwise: errors, versions, values.</summary>
internal readonly ref struct ReplyView
{
    private static ReadOnlySpan<byte> ErrorHead => "{\"command\":\"error\","u8;

    /// <param name="reply">One reply, as it was written.</param>
    public ReplyView(ReadOnlySpan<byte> reply)
    {
        Message = "";
        var reader = new Utf8JsonReader(reply);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (name.SequenceEqual("code"u8)) Code = reader.GetInt32();
            else if (name.SequenceEqual("message"u8)) Message = reader.GetString()!; // We wrote it.
            else if (name.SequenceEqual("version"u8)) Version = reader.GetInt64();
            else if (name.SequenceEqual("retryAfter"u8)) RetryAfter = reader.GetInt64();
            else if (name.SequenceEqual("remaining"u8)) Remaining = reader.GetInt64();
            else if (name.SequenceEqual("item"u8)) HasItem = true;
            else if (name.SequenceEqual("encoding"u8)) IsBase64 = true;

            reader.Skip();
            var raw = reply[start..(int)reader.BytesConsumed];
            if (name.SequenceEqual("seq"u8)) Seq = raw;
            else if (name.SequenceEqual("value"u8)) Value = raw;
        }
    }

    public int Code { get; }

    public string Message { get; }

    public long? Version { get; }

    public long? RetryAfter { get; }

    public long? Remaining { get; }

    public bool HasItem { get; }

    /// <summary>As it was sent; empty where there was none.</summary>
    public ReadOnlySpan<byte> Seq { get; }

    private ReadOnlySpan<byte> Value { get; }

    private bool IsBase64 { get; }

    /// <summary>Whether it is an error: no command has that name.</summary>
    public static bool IsError(ReadOnlySpan<byte> reply) => reply.StartsWith(ErrorHead);

    /// <summary>The bytes that the value stands for.</summary>
    public ReadOnlyMemory<byte> CopyValue(out ValueFormat format)
    {
        var reader = new Utf8JsonReader(Value);
        reader.Read();
        format = ValueFormat.Json;
        if (reader.TokenType != JsonTokenType.String) return Value.ToArray();

        if (IsBase64)
        {
            format = ValueFormat.Binary;
            return reader.GetBytesFromBase64();
        }

        try
        {
            var text = new byte[Value.Length];
            var length = reader.CopyString(text);
            format = ValueFormat.Text;
            return text.AsMemory(0, length);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: it stands for no text, but it is still JSON.
            return Value.ToArray();
        }
    }
}
