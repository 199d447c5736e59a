using System.Buffers.Text;
using System.Text.Json;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Json;

namespace Signalbox.Client;

/// <summary>One object that the server sent, cut into fields without copying them.</summary>
/// <remarks>It is used again for the next frame: what outlives the frame is copied. Bad input is a
/// <see cref="JsonException"/>, since the server is trusted to speak its own protocol.</remarks>
internal sealed class Reply
{
    private static readonly Payload Null = new("null"u8.ToArray(), ValueFormat.Json);

    private readonly Slot[] _slots = new Slot[ReplyFields.Count];
    private ReadOnlyMemory<byte> _body;
    private ulong _present;
    private Reply? _nested;

    public void Read(ReadOnlyMemory<byte> body)
    {
        _body = body;
        _present = 0;
        var reader = new Utf8JsonReader(body.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Not an object.");

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = ReplyFields.Find(reader.ValueSpan);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var type = reader.TokenType;
            reader.Skip();
            if (field == ReplyField.None || type == JsonTokenType.Null) continue;

            _slots[(int)field] = new Slot(start, (int)reader.BytesConsumed - start, type);
            _present |= 1UL << (int)field;
        }
    }

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(ReplyField field) => (_present & (1UL << (int)field)) != 0;

    public bool IsText(ReplyField field, ReadOnlySpan<byte> utf8) =>
        Has(field) && Raw(field).Span is [(byte)'"', .. var text, (byte)'"'] && text.SequenceEqual(utf8);

    public ReadOnlyMemory<byte> Raw(ReplyField field)
    {
        if (!Has(field)) throw new JsonException($"The server's '{ReplyFields.NameOf(field)}' is missing.");
        return _body.Slice(_slots[(int)field].Start, _slots[(int)field].Length);
    }

    public long Number(ReplyField field)
    {
        var raw = Raw(field).Span;
        if (Utf8Parser.TryParse(raw, out long value, out var used) && used == raw.Length) return value;
        throw new JsonException($"The server's '{ReplyFields.NameOf(field)}' is not a whole number.");
    }

    public long? NumberOrNull(ReplyField field) => Has(field) ? Number(field) : null;

    public bool Flag(ReplyField field) => Has(field) && _slots[(int)field].Type == JsonTokenType.True;

    public string? TextOrNull(ReplyField field)
    {
        if (!Has(field)) return null;

        var reader = new Utf8JsonReader(Raw(field).Span);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return Json.TextOf(ref reader);
        throw new JsonException($"The server's '{ReplyFields.NameOf(field)}' is not a string.");
    }

    public string Text(ReplyField field) => TextOrNull(field) ?? "";

    public DateTimeOffset Time(ReplyField field) => DateTimeOffset.FromUnixTimeMilliseconds(Number(field));

    /// <summary>A copy of the value, whatever it is. A null is one too: so a key's watchers are told that it is gone.</summary>
    public Payload Value()
    {
        if (!Has(ReplyField.Value)) return Null;

        var raw = Raw(ReplyField.Value).Span;
        if (_slots[(int)ReplyField.Value].Type != JsonTokenType.String) return new Payload(raw.ToArray(), ValueFormat.Json);

        var reader = new Utf8JsonReader(raw);
        reader.Read();
        if (IsText(ReplyField.Encoding, "base64"u8)) return new Payload(reader.GetBytesFromBase64(), ValueFormat.Binary);
        if (!reader.ValueIsEscaped) return new Payload(reader.ValueSpan.ToArray(), ValueFormat.Text);

        var text = new byte[raw.Length];
        return new Payload(text.AsMemory(0, reader.CopyString(text)), ValueFormat.Text);
    }

    public IReadOnlyList<KeyValuePair<string, string>> Headers() =>
        Has(ReplyField.User) ? Json.Headers(Raw(ReplyField.User).Span) : [];

    /// <summary>What is read of each object in an array.</summary>
    public List<T> List<T>(ReplyField field, Func<Reply, T> read)
    {
        var raw = Raw(field);
        var reader = new Utf8JsonReader(raw.Span);
        var list = new List<T>();
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Add(Nested(raw, ref reader, read));
        return list;
    }

    /// <summary>What is read of each object in an object.</summary>
    public List<KeyValuePair<string, T>> Entries<T>(ReplyField field, Func<Reply, T> read)
    {
        var raw = Raw(field);
        var reader = new Utf8JsonReader(raw.Span);
        var list = new List<KeyValuePair<string, T>>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Json.TextOf(ref reader);
            reader.Read();
            list.Add(new(name, Nested(raw, ref reader, read)));
        }

        return list;
    }

    public T Object<T>(ReplyField field, Func<Reply, T> read)
    {
        _nested ??= new Reply();
        _nested.Read(Raw(field));
        return read(_nested);
    }

    /// <summary>The error that this object is; null where it is a good reply.</summary>
    public SignalboxException? Error()
    {
        if (!IsText(ReplyField.Command, "error"u8)) return null;

        return new SignalboxException((ErrorCode)Number(ReplyField.Code), Text(ReplyField.Message))
        {
            RetryAfter = NumberOrNull(ReplyField.RetryAfter) is { } wait ? TimeSpan.FromMilliseconds(wait) : null,
            Remaining = NumberOrNull(ReplyField.Remaining),
        };
    }

    private T Nested<T>(ReadOnlyMemory<byte> raw, ref Utf8JsonReader reader, Func<Reply, T> read)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        _nested ??= new Reply();
        _nested.Read(raw[start..(int)reader.BytesConsumed]);
        return read(_nested);
    }

    private readonly record struct Slot(int Start, int Length, JsonTokenType Type);
}
