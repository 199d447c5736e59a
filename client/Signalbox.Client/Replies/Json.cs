using System.Text.Json;
using Signalbox.Protocol.Json;

namespace Signalbox.Client;

/// <summary>Reads the small structures inside of replies: lists of texts, headers.</summary>
internal static class Json
{
    public static readonly Payload Null = new("null"u8.ToArray(), ValueFormat.Json);

    public static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException e)
        {
            // How the reader says that a string holds half a surrogate pair, which is no text.
            throw new JsonException("The server sent a string that is no text.", e);
        }
    }

    public static List<string> Texts(ReadOnlySpan<byte> array)
    {
        var reader = new Utf8JsonReader(array);
        var texts = new List<string>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String) texts.Add(TextOf(ref reader));
        }

        return texts;
    }

    /// <summary>An object whose values are arrays of texts.</summary>
    public static List<KeyValuePair<string, IReadOnlyList<string>>> TextsByName(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var entries = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = TextOf(ref reader);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            entries.Add(new(name, Texts(json[start..(int)reader.BytesConsumed])));
        }

        return entries;
    }

    /// <summary>Of a name that comes more than once the values are an array.</summary>
    public static List<KeyValuePair<string, string>> Headers(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var headers = new List<KeyValuePair<string, string>>();
        var name = "";
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName) name = TextOf(ref reader);
            else if (reader.TokenType == JsonTokenType.String) headers.Add(new(name, TextOf(ref reader)));
        }

        return headers;
    }
}
