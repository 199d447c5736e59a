using System.Buffers.Text;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Framing;
using Signalbox.Protocol.Json;

namespace Signalbox.Protocol.Replies;

/// <summary>Writes replies and pushes as compact JSON, field after field, with or without a frame around.</summary>
/// <remarks>
/// <para>It keeps no state but the buffer: whether a comma is due shows in the byte before. So the caller is trusted
/// to write a value behind a name, and to close what was opened; a check at every step would cost more than the
/// writing.</para>
/// <para>"Raw" bytes go out as they are: they must be JSON already, which slices of a command that was read are.</para>
/// </remarks>
public readonly struct ReplyWriter(JsonBuffer buffer)
{
    /// <summary>Begins a dispatcher frame.</summary>
    /// <returns>Where it begins, for <see cref="EndFrame"/>.</returns>
    public int BeginFrame()
    {
        var start = buffer.Length;
        FrameCodec.Begin(buffer);
        return start;
    }

    public void EndFrame(int start) => FrameCodec.PatchLength(buffer.WrittenSpan[start..]);

    /// <summary>Writes a good reply up to its own fields, which follow; <see cref="EndObject"/> ends it.</summary>
    /// <param name="rawKey">Empty where the command has none.</param>
    /// <param name="rawSeq">Empty where the client sent none.</param>
    public void BeginReply(ReadOnlySpan<byte> rawCommand, ReadOnlySpan<byte> rawKey, ReadOnlySpan<byte> rawSeq)
    {
        BeginReply(rawCommand);
        if (!rawKey.IsEmpty)
        {
            buffer.Write(",\"key\":"u8);
            buffer.Write(rawKey);
        }

        Ok(rawSeq);
    }

    /// <summary>Writes a good reply up to its key, for keys that are not those of the command: the caller writes
    /// the property <c>key</c>, then <see cref="Ok"/>.</summary>
    public void BeginReply(ReadOnlySpan<byte> rawCommand)
    {
        buffer.Write("{\"command\":"u8);
        buffer.Write(rawCommand);
    }

    /// <summary>The part of a good reply that is behind its key.</summary>
    public void Ok(ReadOnlySpan<byte> rawSeq)
    {
        buffer.Write(",\"code\":0,\"message\":\"ok\""u8);
        Seq(rawSeq);
    }

    /// <summary>Writes a whole error reply.</summary>
    public void WriteError(ErrorCode code, ReadOnlySpan<char> message, ReadOnlySpan<byte> rawSeq)
    {
        BeginError(code, message, rawSeq);
        EndObject();
    }

    /// <summary>Writes an error reply up to its own fields, which follow; <see cref="EndObject"/> ends it.</summary>
    /// <param name="rawSeq">Empty where it could not be read.</param>
    public void BeginError(ErrorCode code, ReadOnlySpan<char> message, ReadOnlySpan<byte> rawSeq)
    {
        buffer.Write("{\"command\":\"error\",\"code\":"u8);
        Number((int)code);
        buffer.Write(",\"message\":"u8);
        Text(message);
        Seq(rawSeq);
    }

    public void BeginObject() => buffer.Write((byte)'{');

    public void EndObject() => buffer.Write((byte)'}');

    public void BeginArray() => buffer.Write((byte)'[');

    public void EndArray() => buffer.Write((byte)']');

    /// <summary>Comes before each element of an array.</summary>
    public void Element()
    {
        if (buffer.WrittenSpan[^1] != '[') buffer.Write((byte)',');
    }

    /// <summary>Begins a property whose name is one of ours and has nothing to escape.</summary>
    public void Property(ReadOnlySpan<byte> name)
    {
        var span = buffer.GetSpan(name.Length + 4);
        var at = 0;
        if (buffer.WrittenSpan[^1] != '{') span[at++] = (byte)',';
        span[at++] = (byte)'"';
        name.CopyTo(span[at..]);
        at += name.Length;
        span[at++] = (byte)'"';
        span[at++] = (byte)':';
        buffer.Advance(at);
    }

    /// <summary>Begins a property whose name is a client's, and is escaped.</summary>
    public void TextProperty(ReadOnlySpan<char> name)
    {
        if (buffer.WrittenSpan[^1] != '{') buffer.Write((byte)',');
        Text(name);
        buffer.Write((byte)':');
    }

    /// <summary>Writes a payload as the property <c>value</c>.</summary>
    public void ValueProperty(ReadOnlySpan<byte> bytes, ValueFormat format)
    {
        Property("value"u8);
        switch (format)
        {
            case ValueFormat.Json:
                Raw(bytes);
                break;

            case ValueFormat.Text:
                Text(bytes);
                break;

            default:
                Base64String(bytes);
                buffer.Write(",\"encoding\":\"base64\""u8);
                break;
        }
    }

    public void Raw(ReadOnlySpan<byte> json) => buffer.Write(json);

    /// <param name="utf8">Valid UTF-8.</param>
    public void Text(ReadOnlySpan<byte> utf8) => JsonStrings.Write(buffer, utf8);

    public void Text(ReadOnlySpan<char> text) => JsonStrings.Write(buffer, text);

    public void Number(long value)
    {
        const int longest = 20;
        Utf8Formatter.TryFormat(value, buffer.GetSpan(longest), out var written);
        buffer.Advance(written);
    }

    public void Boolean(bool value) => buffer.Write(value ? "true"u8 : "false"u8);

    public void Null() => buffer.Write("null"u8);

    public void Base64String(ReadOnlySpan<byte> bytes)
    {
        buffer.Write((byte)'"');
        var room = buffer.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, room, out _, out var written);
        buffer.Advance(written);
        buffer.Write((byte)'"');
    }

    private void Seq(ReadOnlySpan<byte> rawSeq)
    {
        if (rawSeq.IsEmpty) return;

        buffer.Write(",\"seq\":"u8);
        buffer.Write(rawSeq);
    }
}
