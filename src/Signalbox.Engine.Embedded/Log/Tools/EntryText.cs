using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Signalbox.Core.Payloads;

namespace Signalbox.Engine.Embedded.Log.Tools;

/// <summary>An entry as a line: <c>7 queue "jobs" told ItemKept item=(id=3 …) part=Live …</c>.</summary>
/// <remarks>
/// Whatever users named or wrote stands in quotes as JSON has it, so that nothing in it can move a terminal's cursor.
/// The fields are those that the facts have, so a new fact needs nothing here.
/// </remarks>
public static class EntryText
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    public static string Of(long position, in LogEntry entry, bool showsPayloads)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{position} {NameOf(entry.Kind)} ");
        Quote(text, entry.Name);
        text.Append(' ').Append(MarkOf(entry.Mark)).Append(' ').Append(entry.Fact.GetType().Name);
        Fields(text, entry.Fact, showsPayloads);
        return text.ToString();
    }

    public static string NameOf(MachineKind kind) => kind switch
    {
        MachineKind.Channel => "channel",
        MachineKind.HashKey => "hash",
        MachineKind.Queue => "queue",
        MachineKind.MqttSession => "mqtt",
        _ => "user",
    };

    public static string Quoted(string name) => $"\"{Encoder.Encode(name)}\"";

    private static string MarkOf(EntryMark mark) => mark switch
    {
        EntryMark.None => "-",
        EntryMark.Begins => "begins",
        EntryMark.Told => "told",
        _ => "begins,told",
    };

    // Absent values are left out.
    private static void Fields(StringBuilder text, object value, bool showsPayloads)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetValue(value) is not { } field) continue;

            text.Append(' ').Append(JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Append('=');
            Value(text, field, showsPayloads);
        }
    }

    private static void Value(StringBuilder text, object value, bool showsPayloads)
    {
        switch (value)
        {
            case string name:
                Quote(text, name);
                break;

            case Payload payload:
                Show(text, payload, showsPayloads);
                break;

            case Headers headers:
                Show(text, headers, showsPayloads);
                break;

            case DateTimeOffset time:
                text.Append(time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
                break;

            case IFormattable or bool:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;

            case IEnumerable values:
                text.Append('[');
                foreach (var one in values) Value(text.Append(' '), one, showsPayloads);
                text.Append(" ]");
                break;

            default:
                text.Append('(');
                Fields(text, value, showsPayloads);
                text.Append(" )");
                break;
        }
    }

    private static void Show(StringBuilder text, in Payload payload, bool showsPayloads)
    {
        text.Append(CultureInfo.InvariantCulture, $"{payload.Kind}:{payload.Length}");
        if (!showsPayloads) return;

        text.Append(':');
        if (payload.Kind is PayloadKind.Binary) text.Append(Convert.ToHexStringLower(payload.Bytes.Span));
        else Quote(text, Encoding.UTF8.GetString(payload.Bytes.Span));
    }

    // Tokens travel in headers, too.
    private static void Show(StringBuilder text, Headers headers, bool showsPayloads)
    {
        text.Append(CultureInfo.InvariantCulture, $"{headers.Entries.Length}");
        if (!showsPayloads) return;

        foreach (var (name, value) in headers.Entries)
        {
            Quote(text.Append(' '), name);
            Quote(text.Append(':'), value);
        }
    }

    private static void Quote(StringBuilder text, string value) =>
        text.Append(Quoted(value));
}
