using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Signalbox.Client;
using Signalbox.Protocol.Json;

namespace Signalbox.Cli.Output;

/// <summary>Prints each result either for a person or, one object a line, for a program.</summary>
internal sealed class Printer(TextWriter output, bool isJson, TimeProvider clock)
{
    // For a terminal or a pipe and never inside of HTML: what is readable stays readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsJson => isJson;

    public void Print(Action<Utf8JsonWriter> json, Func<string> text)
    {
        if (isJson) Json(json);
        else output.Write(text() + "\n");
    }

    public void Text(string line) => output.Write(line + "\n");

    public void Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }

    /// <summary>Lets out what is printed: somebody waits for it.</summary>
    public void Flush() => output.Flush();

    public string LocalTime(DateTimeOffset time) => Local(time).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public string LocalDateTime(DateTimeOffset time) => Local(time).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private DateTimeOffset Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, clock.LocalTimeZone);

    /// <summary>Writes <c>value</c>, and <c>encoding</c> where it is bytes.</summary>
    public static void WriteValue(Utf8JsonWriter json, Payload? value)
    {
        json.WritePropertyName("value");
        if (value is not { } payload)
        {
            json.WriteNullValue();
        }
        else if (payload.Format == ValueFormat.Json)
        {
            json.WriteRawValue(OnOneLine(payload.Bytes));
        }
        else
        {
            json.WriteStringValue(payload.Text);
            if (payload.Format == ValueFormat.Binary) json.WriteString("encoding", "base64");
        }
    }

    /// <summary>Writes <c>user</c>, where there are headers. Of a name that comes twice the values are an array.</summary>
    public static void WriteHeaders(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        if (headers.Count == 0) return;

        json.WriteStartObject("user");
        foreach (var values in headers.GroupBy(header => header.Key, header => header.Value))
        {
            if (values.Count() == 1)
            {
                json.WriteString(values.Key, values.First());
                continue;
            }

            json.WriteStartArray(values.Key);
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    // A line break in valid JSON can only stand between tokens.
    private static ReadOnlySpan<byte> OnOneLine(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0) return json.Span;

        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
