using System.Text.Json;

namespace Signalbox.WebSockets.Conformance.Tests;

/// <summary>A text that travels as JSON where it is some, and as a string else: as protocols without kinds judge it.</summary>
internal sealed record PlainValue(string Text)
{
    public static string Of(JsonElement holder)
    {
        var value = holder.GetProperty("value");
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(); // It is a string.
    }

    public void Write(Utf8JsonWriter writer)
    {
        if (IsJson()) writer.WriteRawValue(Text);
        else writer.WriteStringValue(Text);
    }

    private bool IsJson()
    {
        try
        {
            using var parsed = JsonDocument.Parse(Text);
            return parsed.RootElement.ValueKind is not (JsonValueKind.String or JsonValueKind.Null);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
