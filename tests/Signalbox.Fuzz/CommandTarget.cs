using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Json;
using static Signalbox.Fuzz.BrokenPromiseException;

namespace Signalbox.Fuzz;

/// <summary>
/// Any bytes are read as a command without an exception, always alike, and as a JSON document reads them.
/// </summary>
internal static class CommandTarget
{
    private static readonly CommandField[] Fields = [.. Enum.GetValues<CommandField>().Skip(1)];

    // Used for one input after the other, as a connection's is: nothing of the one before may show.
    private static readonly Command Used = new();

    public static void Check(byte[] input)
    {
        var fresh = new Command();
        var status = fresh.Read(input);

        // What lies around the body would make another command of it, if it were read.
        byte[] around = [.. "{\"seq\":"u8, .. input, .. "}\"]0"u8];
        var body = around.AsMemory(7, input.Length);
        Unless(Used.Read(body) == status, "a command that was used before must read alike");
        var description = Describe(fresh);
        Unless(Describe(Used) == description, "a command that was used before must hold the same");
        Unless(Describe(Used) == description, "asking must not change the answers");

        using var document = Parse(input);
        Unless(
            (document is { RootElement.ValueKind: JsonValueKind.Object }) == (status != CommandReadStatus.NotAnObject),
            $"whether it is an object: {status}");
        if (status == CommandReadStatus.NotAnObject)
        {
            Unless(
                Fields.All(field => field == CommandField.Seq || fresh.Raw(field).IsEmpty) && fresh.KeyCount == 0,
                "of what is no object only the seq is kept");
            return;
        }

        var root = document!.RootElement;
        Unless(!root.EnumerateObject().Any() == (status == CommandReadStatus.Empty), $"whether it is empty: {status}");
        var properties = LastOfEach(root);
        CheckName(fresh, status, properties);
        foreach (var field in Fields) CheckField(fresh, field, properties);
        CheckKeys(fresh, properties);
        CheckValue(fresh, properties);
    }

    private static JsonDocument? Parse(byte[] input)
    {
        // A document does not look at what is inside of strings either.
        if (!Utf8.IsValid(input)) return null;

        try
        {
            return JsonDocument.Parse(input);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dictionary<CommandField, JsonElement> LastOfEach(JsonElement root)
    {
        var last = new Dictionary<CommandField, JsonElement>();
        foreach (var property in root.EnumerateObject())
        {
            if (TextOf(() => property.Name) is not { } name) continue;

            var field = name == "headers"
                ? CommandField.User
                : Fields.FirstOrDefault(candidate => CommandFields.NameOf(candidate) == name);
            if (field != CommandField.None) last[field] = property.Value;
        }

        return last;
    }

    private static void CheckName(
        Command command, CommandReadStatus status, Dictionary<CommandField, JsonElement> properties)
    {
        if (status == CommandReadStatus.Empty) return;

        var name = properties.TryGetValue(CommandField.Command, out var element) ? TextOf(element) : null;
        var expected = string.IsNullOrEmpty(name) ? CommandReadStatus.NoCommand
            : CommandNames.Find(Encoding.UTF8.GetBytes(name)) == CommandName.None ? CommandReadStatus.UnknownCommand
            : CommandReadStatus.Ok;
        Unless(status == expected, $"what command it is: {status}, not {expected}");
        Unless((command.Name != CommandName.None) == (status == CommandReadStatus.Ok), "a name where it is good");
    }

    private static void CheckField(
        Command command, CommandField field, Dictionary<CommandField, JsonElement> properties)
    {
        var isThere = properties.TryGetValue(field, out var element);
        var raw = Encoding.UTF8.GetString(command.Raw(field).Span);
        Unless(raw == (isThere ? element.GetRawText() : ""), $"the bytes of {field}: {raw}");

        var isPresent = isThere && element.ValueKind != JsonValueKind.Null;
        long number = 0;
        var isNumber = isPresent && element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out number);
        Unless(
            command.TryGetInt64(field, out var gotNumber, out var present) == (isNumber || !isPresent)
                && present == isPresent && (!isNumber || gotNumber == number),
            $"the number in {field}");

        var isBoolean = isPresent && element.ValueKind is JsonValueKind.True or JsonValueKind.False;
        Unless(
            command.TryGetBoolean(field, out var gotBoolean, out present) == (isBoolean || !isPresent)
                && present == isPresent && gotBoolean == (isBoolean && element.GetBoolean()),
            $"the boolean in {field}");

        var text = isPresent ? TextOf(element) : null;
        Unless(
            command.TryGetString(field, out var gotText, out present) == (text is not null || !isPresent)
                && present == isPresent && gotText == text,
            $"the text in {field}");
    }

    private static void CheckKeys(Command command, Dictionary<CommandField, JsonElement> properties)
    {
        List<string> got = [];
        foreach (var key in command.Keys) got.Add(Encoding.UTF8.GetString(key));

        var element = properties.GetValueOrDefault(CommandField.Key);
        var expected = element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().Select(KeyOf)]
            : new[] { KeyOf(element) };
        var kind = element.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => KeyKind.Missing,
            _ when expected.Contains(null) => KeyKind.Bad,
            JsonValueKind.Array => KeyKind.Many,
            _ => KeyKind.One,
        };

        Unless(command.KeyKind == kind, $"what the key is: {command.KeyKind}, not {kind}");
        Unless(command.KeyCount == got.Count, "as many keys as are counted");
        if (kind is KeyKind.One or KeyKind.Many) Unless(got.SequenceEqual(expected), "the keys themselves");
        else Unless(got.Count == 0, "no keys where there are none");
    }

    private static string? KeyOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => TextOf(element),
        JsonValueKind.Number when element.TryGetInt64(out var number) => $"{number}",
        _ => null,
    };

    private static void CheckValue(Command command, Dictionary<CommandField, JsonElement> properties)
    {
        if (properties.GetValueOrDefault(CommandField.Encoding).ValueKind is not
            (JsonValueKind.Undefined or JsonValueKind.Null)) return;

        var isThere = properties.TryGetValue(CommandField.Value, out var element);
        Unless(command.TryCopyValue(out var bytes, out var format) == isThere, "a value where there is one");
        if (!isThere) return;

        var text = TextOf(element);
        Unless(format == (text is null ? ValueFormat.Json : ValueFormat.Text), "what the value is");
        Unless(Encoding.UTF8.GetString(bytes) == (text ?? element.GetRawText()), "the value itself");
    }

    private static string? TextOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? TextOf(() => element.GetString()!) : null;

    /// <returns>The text, or null where half a surrogate pair makes the framework throw.</returns>
    private static string? TextOf(Func<string> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>All that a command says of itself.</summary>
    private static string Describe(Command command)
    {
        var text = new StringBuilder();
        text.Append($"{command.Name} {command.SeqKind} {command.KeyKind} {command.KeyCount} {command.ValueKind} ");
        text.Append($"{Encoding.UTF8.GetString(command.RawSeq)} {Encoding.UTF8.GetString(command.RawKey)} ");
        foreach (var key in command.Keys) text.Append($"[{Encoding.UTF8.GetString(key)}] ");
        foreach (var field in Fields)
        {
            text.Append($"{command.TypeOf(field)} {Encoding.UTF8.GetString(command.Raw(field).Span)} ");
        }

        var hasValue = command.TryCopyValue(out var bytes, out var format);
        text.Append($"{hasValue} {format} {Convert.ToBase64String(bytes)} ");

        List<KeyValuePair<string, string>> headers = [];
        text.Append($"{command.TryCopyHeaders(headers, out var isPresent)} {isPresent} {string.Join(' ', headers)}");
        return text.ToString();
    }
}
