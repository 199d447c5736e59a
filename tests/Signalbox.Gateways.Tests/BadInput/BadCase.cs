using System.Text;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.BadInput;

/// <summary>Something that no client should send, and what it is told.</summary>
/// <param name="What">In words, for the reader of the table.</param>
/// <param name="Shown">The bytes as the table shows them.</param>
/// <param name="Bytes">The bytes, length and all.</param>
/// <param name="Closes">Whether the connection ends with the error.</param>
internal sealed record BadCase(string What, string Shown, byte[] Bytes, int Code, bool Closes)
{
    /// <summary>Good commands that come before.</summary>
    public string[] Before { get; init; } = [];

    /// <summary>An object, or what is none, in a good frame.</summary>
    public static BadCase Body(string what, string body, int code, bool closes = false) =>
        new(what, body, DispatcherDriver.Frames(body), code, closes);

    /// <summary>A body that is no text, or too long to show, in a good frame; it ends the connection.</summary>
    public static BadCase Binary(string what, string shown, byte[] body) =>
        new(what, shown, DispatcherDriver.Frame(body), 760, Closes: true);

    /// <summary>Bytes that are no good frame; they end the connection.</summary>
    public static BadCase Raw(string what, string shown, int code, byte[] bytes) => new(what, shown, bytes, code, Closes: true);

    /// <summary>A command with these fields, and a seq.</summary>
    public static BadCase Field(string what, int code, string command, string fields, params string[] before)
    {
        var body = Command(command, fields);
        var shown = body.Length <= 120 ? body : body[..60] + "…" + body[^20..];
        return new BadCase(what, shown, DispatcherDriver.Frames(body), code, Closes: false) { Before = before };
    }

    public static string Command(string command, string fields) =>
        $"{{\"command\":\"{command}\",{fields}{(fields.Length == 0 ? "" : ",")}\"seq\":1}}";

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
