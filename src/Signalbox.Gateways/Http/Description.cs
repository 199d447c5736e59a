using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Http;

/// <summary>Every address, described for programs: an OpenAPI 3.1 document, made of the table of routes.</summary>
internal static class Description
{
    private const string Any = "*/*";

    /// <param name="prefix">What stands before every path in this app; empty for nothing.</param>
    public static byte[] Write(string prefix)
    {
        var buffer = new JsonBuffer();
        var json = new ReplyWriter(buffer);
        json.Raw("""{"openapi":"3.1.0","info":{"title":"Signalbox","version":"1"},"paths":{"""u8);
        foreach (var path in HttpRoutes.All.GroupBy(route => route.Path))
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
            },"components":{"schemas":{"Problem":{
            "type":"object","required":["type","title","status","detail"],"properties":{
            "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},
            "code":{"type":"integer"},"retryAfter":{"type":"integer"},"remaining":{"type":"integer"},"seq":{}}}}}}
            """u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteOperation(ReplyWriter json, HttpRoute route)
    {
        json.BeginObject();
        WriteText(json, "summary", route.Summary);
        json.Property("parameters"u8);
        json.BeginArray();
        if (route.HasName) WriteParameter(json, route.Kind == RouteKind.Commands ? "command" : "name", "path");
        foreach (var field in route.Query)
        {
            var type = field.Kind switch { QueryKind.Number => "integer", QueryKind.Flag => "boolean", _ => "string" };
            WriteParameter(json, field.Name, "query", type, field.Summary, field.IsRequired);
        }

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
            WriteContent(json, route.TakesValue ? Any : Answers.Json, null);
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
            var isReply = route.Kind is RouteKind.Reply or RouteKind.Commands;
            if (status >= 400) WriteContent(json, Problem.ContentType, "Problem");
            else if (status == 200) WriteContent(json, isReply ? Answers.Json : Any, null);
            json.EndObject();
        }

        json.TextProperty("default");
        json.BeginObject();
        WriteText(json, "description", "A fault of the server, or a request that is none");
        WriteContent(json, Problem.ContentType, "Problem");
        json.EndObject();
        json.EndObject();
    }

    private static void WriteHeader(ReplyWriter json, string name, string summary) =>
        WriteParameter(json, name, "header", "string", summary, isRequired: false);

    private static void WriteParameter(
        ReplyWriter json, string name, string place, string type = "string", string? summary = null, bool isRequired = true)
    {
        json.Element();
        json.BeginObject();
        WriteText(json, "name", name);
        WriteText(json, "in", place);
        if (summary is not null) WriteText(json, "description", summary);
        json.Property("required"u8);
        json.Boolean(isRequired);
        json.Property("schema"u8);
        json.BeginObject();
        WriteText(json, "type", type);
        json.EndObject();
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
