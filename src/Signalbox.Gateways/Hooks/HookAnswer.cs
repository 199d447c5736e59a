using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Signalbox.Core.Names;
using Signalbox.Core.Payloads;
using Signalbox.Gateways.Security;

namespace Signalbox.Gateways.Hooks;

/// <summary>What a backend says to a question: yes, no, or yes with something changed.</summary>
/// <param name="Reason">Why not, for the client.</param>
internal sealed record HookAnswer(bool IsAllowed, string? Reason)
{
    private const int MaxReasonLength = 500;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static readonly HookAnswer Yes = new(IsAllowed: true, null);

    /// <summary>In the place of the message's; null for the message's own. So too below.</summary>
    public Payload? Payload { get; init; }

    public Headers? Headers { get; init; }

    public string? User { get; init; }

    public Rights? Rights { get; init; }

    /// <summary>Where the subscriber is to begin.</summary>
    public long? Since { get; init; }

    public string? Epoch { get; init; }

    public bool IsChanged => Payload is not null || Headers is not null || User is not null || Rights is not null || Since is not null;

    /// <returns>False where it is not what an answer has to be: then it is as if there were none.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out HookAnswer? answer)
    {
        answer = null;
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("allow", out var allow)) return false;
            if (allow.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return false;

            var reason = TextOf(root, "reason");
            var read = new HookAnswer(allow.GetBoolean(), reason is { Length: > MaxReasonLength } ? reason[..MaxReasonLength] : reason)
            {
                Payload = PayloadOf(root),
                Headers = HeadersOf(root),
                User = UserOf(root),
                Rights = RightsOf(root),
                Since = root.TryGetProperty("since", out var since) ? since.GetInt64() : null,
                Epoch = TextOf(root, "epoch"),
            };
            if (read.Since < 0) return false;

            answer = read;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // No JSON, or a field of a wrong type.
            return false;
        }
    }

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Payload? PayloadOf(JsonElement root)
    {
        if (!root.TryGetProperty("value", out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (TextOf(root, "encoding") == "base64") return new Payload(value.GetBytesFromBase64(), PayloadKind.Binary);

        return value.ValueKind == JsonValueKind.String
            ? new Payload(Encoding.UTF8.GetBytes(value.GetString()!), PayloadKind.Text) // A string is not null.
            : new Payload(Encoding.UTF8.GetBytes(value.GetRawText()), PayloadKind.Json);
    }

    private static Headers? HeadersOf(JsonElement root)
    {
        if (!root.TryGetProperty("headers", out var headers)) return null;

        return new Headers([.. headers.EnumerateObject().Select(header =>
            KeyValuePair.Create(header.Name, header.Value.GetString() ?? throw new JsonException("A header is a text.")))]);
    }

    private static string? UserOf(JsonElement root)
    {
        var user = TextOf(root, "user");
        if (user is not null && (!Name.IsValid(user) || Name.IsSystem(user))) throw new JsonException("That is no user.");
        return user;
    }

    private static Rights? RightsOf(JsonElement root)
    {
        if (!root.TryGetProperty("rights", out var rights)) return null;

        var settings = rights.Deserialize(RightsJson.Default.RightsSettings) ?? throw new JsonException("Rights are an object.");
        return settings.TryBuild(out var built) is null ? built : throw new JsonException("These are no rights.");
    }
}
