using System.Text.Json;

namespace Signalbox.Engine.Tests.Binary;

/// <summary>What a value says, as JSON: equal for equal values, lists included.</summary>
internal static class Meaning
{
    public static string Of(object value) => JsonSerializer.Serialize(value, value.GetType());

    /// <summary>Whether all that was said once is still said: what is new may have come beside it.</summary>
    public static bool IsIn(string old, string present)
    {
        using var oldDocument = JsonDocument.Parse(old);
        using var presentDocument = JsonDocument.Parse(present);
        return IsIn(oldDocument.RootElement, presentDocument.RootElement);
    }

    private static bool IsIn(JsonElement old, JsonElement present) => (old.ValueKind, present.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => old.EnumerateObject().All(property =>
            present.TryGetProperty(property.Name, out var value) && IsIn(property.Value, value)),
        (JsonValueKind.Array, JsonValueKind.Array) => old.GetArrayLength() == present.GetArrayLength()
            && old.EnumerateArray().Zip(present.EnumerateArray()).All(pair => IsIn(pair.First, pair.Second)),
        _ => JsonElement.DeepEquals(old, present),
    };
}
