using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Signalbox.Core.Payloads;

/// <summary>The bytes that a message, an item or a key holds, with the mark of what they are.</summary>
/// <remarks>
/// A JSON string that comes in on a JSON protocol is kept as the text it stands for, so that <c>"hello"</c> from a
/// browser reaches a device as <c>hello</c>, and <c>hello</c> from a device reaches a browser as <c>"hello"</c>.
/// The bytes are never changed after the payload was made: whoever makes one from a buffer copies first.
/// </remarks>
public readonly record struct Payload(ReadOnlyMemory<byte> Bytes, PayloadKind Kind)
{
    /// <summary>The JSON value null: what a JSON protocol sends for "nothing".</summary>
    public static readonly Payload Null = new("null"u8.ToArray(), PayloadKind.Json);

    public int Length => Bytes.Length;

    /// <summary>The JSON or the text; of bytes their base64.</summary>
    public string Text =>
        Kind == PayloadKind.Binary ? Convert.ToBase64String(Bytes.Span) : Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>Whether there is nothing to see in it: no bytes, or only white space.</summary>
    public bool IsBlank
    {
        get
        {
            var rest = Bytes.Span;
            while (!rest.IsEmpty)
            {
                var status = Rune.DecodeFromUtf8(rest, out var rune, out var length);
                if (status != OperationStatus.Done || !Rune.IsWhiteSpace(rune)) return false;
                rest = rest[length..];
            }

            return true;
        }
    }

    public static implicit operator Payload(string text) => FromText(text);

    public static Payload FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Payload(Encoding.UTF8.GetBytes(text), PayloadKind.Text);
    }

    public static Payload FromBinary(ReadOnlyMemory<byte> bytes) => new(bytes, PayloadKind.Binary);

    /// <summary>The value as JSON; what is a string there, is text here.</summary>
    public static Payload From<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, typeInfo);
        if (json is not [(byte)'"', ..]) return new Payload(json, PayloadKind.Json);

        var reader = new Utf8JsonReader(json);
        reader.Read();
        return FromText(reader.GetString()!); // It begins as one.
    }

    /// <summary>The value that the JSON stands for. Text and bytes are read as the JSON strings they travel as.</summary>
    public T? As<T>(JsonTypeInfo<T> typeInfo)
    {
        if (Kind == PayloadKind.Json) return JsonSerializer.Deserialize(Bytes.Span, typeInfo);

        var json = new ArrayBufferWriter<byte>(Length + 2);
        using (var writer = new Utf8JsonWriter(json))
        {
            if (Kind == PayloadKind.Text) writer.WriteStringValue(Bytes.Span);
            else writer.WriteBase64StringValue(Bytes.Span);
        }

        return JsonSerializer.Deserialize(json.WrittenSpan, typeInfo);
    }

    /// <summary>Equal means the same kind and the same bytes, wherever they are.</summary>
    public bool Equals(Payload other) => Kind == other.Kind && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}
