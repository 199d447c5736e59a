using System.Globalization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Signalbox.Core.Payloads;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Json;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>
/// Makes the command of a request that says it by method, address, headers and body. What the fields may be is the
/// command's to say; here it is only said which text stands for what.
/// </summary>
internal static class RequestCommand
{
    /// <summary>A header of this prefix and a name is a header of the message or item.</summary>
    private const string HeaderPrefix = "Signalbox-Header-";

    /// <returns>What to answer instead, where it cannot be made.</returns>
    public static Problem? Write(
        HttpRequest request, HttpRoute route, string name, ReadOnlyMemory<byte> body, JsonBuffer buffer)
    {
        var command = new ReplyWriter(buffer);
        command.BeginObject();
        command.Property("command"u8);
        command.Text(CommandNames.Utf8Of(route.Command));
        if (route.HasName)
        {
            command.Property("key"u8);
            command.Text(name);
        }

        if (WriteQuery(request, route, command) is { } wrong) return wrong;
        if (route.Kind == RouteKind.Change && Preconditions.Write(request, command) is { } condition) return condition;
        if (route.TakesValue && WriteValue(request, route, body.Span, command) is { } problem) return problem;

        command.EndObject();
        return null;
    }

    private static Problem? WriteQuery(HttpRequest request, HttpRoute route, ReplyWriter command)
    {
        foreach (var (name, values) in request.Query)
        {
            // A misspelt 'reserve' must not become a pop without one.
            var field = Array.Find(route.Query, field => field.Name == name);
            if (field is null)
            {
                var known = string.Join(", ", route.Query.Select(one => one.Name));
                var rest = known.Length == 0 ? "it takes no fields" : $"it takes {known}";
                return Malformed($"There is no '{name}' in the address of this request: {rest}.");
            }

            if (values.Count != 1 || !TryWrite(field, values.ToString(), command))
            {
                return Malformed($"The field '{field.Name}' in the address must be {NameOf(field.Kind)}.");
            }
        }

        var missing = Array.Find(route.Query, field => field.IsRequired && !request.Query.ContainsKey(field.Name));
        return missing is null ? null : Malformed($"The field '{missing.Name}' is missing in the address.");
    }

    private static Problem Malformed(string sentence) => Problem.Of(ErrorCode.Malformed, sentence);

    private static bool TryWrite(QueryField field, string text, ReplyWriter command)
    {
        long number = 0;
        var isFlag = text is "" or "true" or "1";
        switch (field.Kind)
        {
            case QueryKind.Duration or QueryKind.Wait when !Durations.TryParse(text, out number):
                return false;

            case QueryKind.Number when !TryParse(text, out number):
                return false;

            case QueryKind.Flag when !isFlag && text is not ("false" or "0"):
                return false;

            case QueryKind.Wait when number == 0:
                return true;

            case QueryKind.Wait:
                command.Property("block"u8);
                command.Boolean(true);
                break;
        }

        command.TextProperty(field.Kind == QueryKind.Wait ? "timeout" : field.Name);
        if (field.Kind == QueryKind.Text) command.Text(text);
        else if (field.Kind == QueryKind.Flag) command.Boolean(isFlag);
        else command.Number(number);
        return true;
    }

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static string NameOf(QueryKind kind) => kind switch
    {
        QueryKind.Text => "one text",
        QueryKind.Number => "one whole number",
        QueryKind.Flag => "true or false",
        _ => "a time such as 500ms, 30s, 5m, 2h, 1d, or milliseconds",
    };

    private static Problem? WriteValue(
        HttpRequest request, HttpRoute route, ReadOnlySpan<byte> body, ReplyWriter command)
    {
        if (KindOf(request.ContentType, body) is not { } kind)
        {
            return Malformed("The body is not what Content-Type says: one JSON value, or text in UTF-8.");
        }

        // Checked above: what goes in as it is must be one JSON value, or it could bring fields of its own.
        command.ValueProperty(body, kind switch
        {
            PayloadKind.Json => ValueFormat.Json,
            PayloadKind.Text => ValueFormat.Text,
            _ => ValueFormat.Binary,
        });

        if (request.Headers["Idempotency-Key"] is { Count: > 0 } id)
        {
            command.Property("id"u8);
            command.Text(id.ToString());
        }

        if (route.Command != CommandName.Set) WriteHeaders(request, command);
        else if (!request.Query.ContainsKey("ttl")) WriteMaxAge(request, command);
        return null;
    }

    /// <returns>Null where the body is not what it is said to be.</returns>
    private static PayloadKind? KindOf(string? contentType, ReadOnlySpan<byte> body)
    {
        // What programs say that were not told: then the bytes say it.
        const string form = "application/x-www-form-urlencoded";
        if (contentType is null || contentType.StartsWith(form, StringComparison.OrdinalIgnoreCase))
        {
            return PayloadKinds.Of(body);
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return null;
        if (Is(type.SubType, "json") || Is(type.Suffix, "json"))
        {
            return PayloadKinds.Of(body) == PayloadKind.Json ? PayloadKind.Json : null;
        }

        if (Is(type.Type, "text")) return Utf8.IsValid(body) ? PayloadKind.Text : null;
        return PayloadKind.Binary;
    }

    private static bool Is(StringSegment part, string name) => part.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static void WriteHeaders(HttpRequest request, ReplyWriter command)
    {
        var isOpen = false;
        foreach (var (name, values) in request.Headers)
        {
            if (!name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)) continue;

            if (!isOpen)
            {
                command.Property("user"u8);
                command.BeginObject();
                isOpen = true;
            }

            foreach (var value in values)
            {
                // Names come in any case, by HTTP/2 in small letters: here always so.
                command.TextProperty(name[HeaderPrefix.Length..].ToLowerInvariant());
                command.Text(value);
            }
        }

        if (isOpen) command.EndObject();
    }

    private static void WriteMaxAge(HttpRequest request, ReplyWriter command)
    {
        if (!CacheControlHeaderValue.TryParse(request.Headers.CacheControl.ToString(), out var cache)) return;
        if (cache.MaxAge is not { } age) return;

        command.Property("ttl"u8);
        command.Number((long)age.TotalMilliseconds);
    }
}
