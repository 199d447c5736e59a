using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Signalbox.Protocol.Json;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>A value as Signalbox keeps it: JSON, text or any bytes. A string converts to text by itself.</summary>
public readonly struct Payload
{
    internal Payload(ReadOnlyMemory<byte> bytes, ValueFormat format)
    {
        Bytes = bytes;
        Format = format;
    }

    /// <summary>The JSON, or the text in UTF-8 without quotes, or the bytes themselves.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public ValueFormat Format { get; }

    /// <summary>The JSON or the text; of bytes their base64.</summary>
    public string Text =>
        Format == ValueFormat.Binary ? Convert.ToBase64String(Bytes.Span) : Encoding.UTF8.GetString(Bytes.Span);

    public static Payload FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Payload(Encoding.UTF8.GetBytes(text), ValueFormat.Text);
    }

    /// <param name="utf8Json">One JSON value. It is checked: what is none would change the command around it.</param>
    public static Payload FromJson(ReadOnlyMemory<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json.Span);
        try
        {
            reader.Read();
            reader.Skip();
            if (!reader.Read()) return new Payload(utf8Json, ValueFormat.Json);
        }
        catch (JsonException e)
        {
            throw new ArgumentException("The bytes are not one JSON value in UTF-8.", nameof(utf8Json), e);
        }

        throw new ArgumentException("There is more than one JSON value.", nameof(utf8Json));
    }

    public static Payload FromBinary(ReadOnlyMemory<byte> bytes) => new(bytes, ValueFormat.Binary);

    /// <summary>The value as JSON.</summary>
    public static Payload From<T>(T value, JsonTypeInfo<T> typeInfo) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo), ValueFormat.Json);

    public static implicit operator Payload(string text) => FromText(text);

    /// <summary>The value that the JSON stands for. Text and bytes are read as the JSON strings they travel
    /// as.</summary>
    public T? As<T>(JsonTypeInfo<T> typeInfo)
    {
        if (Format == ValueFormat.Json) return JsonSerializer.Deserialize(Bytes.Span, typeInfo);

        var buffer = new JsonBuffer();
        var writer = new ReplyWriter(buffer);
        if (Format == ValueFormat.Text) writer.Text(Bytes.Span);
        else writer.Base64String(Bytes.Span);
        return JsonSerializer.Deserialize(buffer.WrittenSpan, typeInfo);
    }

    public override string ToString() => Text;

    internal void Write(ReplyWriter writer) => writer.ValueProperty(Bytes.Span, Format);
}
