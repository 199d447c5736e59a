using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Signalbox.Gateways.Commands;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>Every address, described for programs: an OpenAPI 3.1 document, made of the table of routes.</summary>
internal static class Description
{
    private const string Any = "*/*";
    private const string Text = """{"type":"string"}""";

    /// <param name="prefix">What stands before every path in this app; empty for nothing.</param>
    public static byte[] Write(string prefix)
    {
        var buffer = new JsonBuffer();
        var json = new ReplyWriter(buffer);
        json.Raw("""{"openapi":"3.1.0","info":{"title":"Signalbox","version":"1"},"security":[{},{"token":[]}],"paths":{"""u8);
        foreach (var path in HttpRoutes.All.Append(HttpRoutes.Stream).GroupBy(route => route.Path))
        {
            json.TextProperty(prefix + path.Key);
            json.BeginObject();
            foreach (var route in path)
            {
                json.TextProperty(route.Method.ToLowerInvariant());
                WriteOperation(json, route);
            }

            json.EndObject();
        }

        json.Raw("""
            },"components":{"securitySchemes":{"token":{"type":"http","scheme":"bearer","bearerFormat":"JWT"}},"schemas":{
            "Command":{"type":"object","properties":{"command":{"type":"string"}}},
            "Commands":{"oneOf":[
            {"$ref":"#/components/schemas/Command"},{"type":"array","items":{"$ref":"#/components/schemas/Command"}}]},
            "Reply":{"type":"object","required":["command","code","message"],"properties":{
            "command":{"type":"string"},"code":{"type":"integer"},"message":{"type":"string"},"key":{},"seq":{}}},
            "Replies":{"oneOf":[
            {"$ref":"#/components/schemas/Reply"},{"type":"array","items":{"$ref":"#/components/schemas/Reply"}}]},
            "Problem":{
            "type":"object","required":["type","title","status","detail"],"properties":{
            "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},
            "code":{"type":"integer"},"retryAfter":{"type":"integer"},"remaining":{"type":"integer"},"seq":{}}}}}}
            """u8);
        return buffer.WrittenSpan.ToArray();
    }

    // What generators of clients call it, so it stays as it is.
    private static string IdOf(HttpRoute route) => route.Kind switch
    {
        RouteKind.Commands => route.HasName ? "doCommand" : "doCommands",
        RouteKind.Stream => "subscribe",
        _ when route.Command != CommandName.None => Encoding.UTF8.GetString(CommandNames.Utf8Of(route.Command)),
        _ => route.Kind.ToString().ToLowerInvariant(),
    };

    private static void WriteOperation(ReplyWriter json, HttpRoute route)
    {
        json.BeginObject();
        WriteText(json, "operationId", IdOf(route));
        WriteText(json, "summary", route.Summary);
        json.Property("parameters"u8);
        json.BeginArray();
        if (route.Kind is RouteKind.Commands && route.HasName) WriteParameter(json, "command", "path", Commands());
        else if (route.HasName) WriteParameter(json, "name", "path", Text);

        foreach (var field in route.Query)
        {
            WriteParameter(json, field.Name, "query", SchemaOf(field.Kind), field.Summary, field.IsRequired);
        }

        if (route.Kind is RouteKind.Stream) WriteHeader(json, "Last-Event-ID", "As lastEventId, and before it.");

        if (route.Kind is RouteKind.Change) WriteHeader(json, "If-Match", "The version that it must be at, or *.");
        if (route.Kind is RouteKind.Change or RouteKind.Value)
        {
            WriteHeader(json, "If-None-Match", "The version that it must not be at, or *.");
        }

        if (route.TakesValue) WriteHeader(json, "Idempotency-Key", "A repeat with the same one does nothing.");

        json.EndArray();
        if (route.TakesValue || route.Kind == RouteKind.Commands)
        {
            json.Property("requestBody"u8);
            json.BeginObject();
            if (route.TakesValue) WriteContent(json, Any, null);
            else WriteContent(json, Answers.Json, "Commands");
            json.EndObject();
        }

        WriteResponses(json, route);
        json.EndObject();
    }

    private static void WriteResponses(ReplyWriter json, HttpRoute route)
    {
        json.Property("responses"u8);
        json.BeginObject();
        foreach (var status in route.Statuses)
        {
            json.TextProperty(status.ToString(CultureInfo.InvariantCulture));
            json.BeginObject();
            WriteText(json, "description", ReasonPhrases.GetReasonPhrase(status));
            WriteAnswer(json, route.Kind, status);
            json.EndObject();
        }

        json.TextProperty("default");
        json.BeginObject();
        WriteText(json, "description", "A fault of the server, or a request that is none; 401 without a good token, 429 for too many");
        WriteContent(json, Problem.ContentType, "Problem");
        json.EndObject();
        json.EndObject();
    }

    private static void WriteAnswer(ReplyWriter json, RouteKind kind, int status)
    {
        switch (kind, status)
        {
            case (RouteKind.Stream, 200):
                WriteContent(json, "text/event-stream", null);
                break;

            case (RouteKind.Stream, _):
                WriteContent(json, Answers.Json, "Reply");
                break;

            case (_, >= 400):
                WriteContent(json, Problem.ContentType, "Problem");
                break;

            case (RouteKind.Commands, 200):
                WriteContent(json, Answers.Json, "Replies");
                break;

            case (RouteKind.Reply or RouteKind.Change or RouteKind.Item, 200):
                WriteContent(json, Answers.Json, "Reply");
                break;

            case (_, 200):
                WriteContent(json, Any, null);
                break;
        }
    }

    private static string SchemaOf(QueryKind kind) => kind switch
    {
        QueryKind.Number => """{"type":"integer"}""",
        QueryKind.Flag => """{"type":"boolean"}""",
        QueryKind.Texts => """{"type":"array","items":{"type":"string"}}""",
        _ => Text,
    };

    private static string Commands()
    {
        var names = Enum.GetValues<CommandName>().Where(CommandTable.IsOfRequests)
            .Select(command => $"\"{Encoding.UTF8.GetString(CommandNames.Utf8Of(command))}\"");
        return $$"""{"type":"string","enum":[{{string.Join(',', names)}}]}""";
    }

    private static void WriteHeader(ReplyWriter json, string name, string summary) =>
        WriteParameter(json, name, "header", Text, summary, isRequired: false);

    private static void WriteParameter(
        ReplyWriter json, string name, string place, string schema, string? summary = null, bool isRequired = true)
    {
        json.Element();
        json.BeginObject();
        WriteText(json, "name", name);
        WriteText(json, "in", place);
        if (summary is not null) WriteText(json, "description", summary);
        json.Property("required"u8);
        json.Boolean(isRequired);
        json.Property("schema"u8);
        json.Raw(Encoding.UTF8.GetBytes(schema));
        json.EndObject();
    }

    private static void WriteContent(ReplyWriter json, string type, string? schema)
    {
        json.Property("content"u8);
        json.BeginObject();
        json.TextProperty(type);
        json.BeginObject();
        json.Property("schema"u8);
        json.BeginObject();
        if (schema is not null) WriteText(json, "$ref", $"#/components/schemas/{schema}");
        json.EndObject();
        json.EndObject();
        json.EndObject();
    }

    private static void WriteText(ReplyWriter json, string name, string text)
    {
        json.TextProperty(name);
        json.Text(text);
    }
}
