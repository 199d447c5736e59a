using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Signalbox.Core.Payloads;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Properties;

namespace Signalbox.Gateways.Mqtt;

/// <summary>
/// What a PUBLISH says beside its payload, as headers that every protocol shows, and back. User properties are headers of
/// their own names; what the standard has a property for has a name that begins with <c>mqtt-</c>.
/// </summary>
internal static class MqttHeaders
{
    public const string ContentType = "mqtt-content-type";
    public const string ResponseTopic = "mqtt-response-topic";
    public const string CorrelationData = "mqtt-correlation-data";
    public const string PayloadFormat = "mqtt-payload-format";
    public const string MessageExpiry = "mqtt-message-expiry";

    public static Headers Read(in MqttProperties properties, Quality quality)
    {
        if (properties.IsEmpty) return Headers.Of(quality);

        var entries = new List<KeyValuePair<string, string>>();
        foreach (var property in properties)
        {
            if (Read(property) is { } entry) entries.Add(entry);
        }

        return new Headers([.. entries], quality);
    }

    /// <summary>Adds what all subscribers get alike: everything but how long it still counts.</summary>
    public static void Write(MqttPropertyBuilder builder, Headers headers)
    {
        var written = MqttPropertyId.None;
        foreach (var (name, text) in headers.Entries)
        {
            var id = IdOf(name);
            // The first of a name is the property; whoever sends more of it has them as user properties.
            if (id == MqttPropertyId.None || id == written) WriteUser(builder, name, text);
            else if (TryWrite(builder, id, text)) written = id;
        }
    }

    /// <summary>When a message is not worth delivering any more; null for never.</summary>
    public static DateTimeOffset? ExpiryOf(Headers headers, DateTimeOffset published)
    {
        foreach (var (name, text) in headers.Entries)
        {
            if (name != MessageExpiry) continue;
            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? published + TimeSpan.FromSeconds(seconds)
                : null;
        }

        return null;
    }

    private static KeyValuePair<string, string>? Read(in MqttProperty property) => property.Id switch
    {
        MqttPropertyId.UserProperty => new(Text(property.Name), Text(property.Value)),
        MqttPropertyId.ContentType => new(ContentType, Text(property.Value)),
        MqttPropertyId.ResponseTopic => new(ResponseTopic, Text(property.Value)),
        MqttPropertyId.CorrelationData => new(CorrelationData, Convert.ToBase64String(property.Value.Span)),
        MqttPropertyId.PayloadFormatIndicator => new(PayloadFormat, property.Number == 0 ? "0" : "1"),
        MqttPropertyId.MessageExpiryInterval =>
            new(MessageExpiry, property.Number.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static MqttPropertyId IdOf(string name) => name switch
    {
        ContentType => MqttPropertyId.ContentType,
        ResponseTopic => MqttPropertyId.ResponseTopic,
        CorrelationData => MqttPropertyId.CorrelationData,
        PayloadFormat => MqttPropertyId.PayloadFormatIndicator,
        MessageExpiry => MqttPropertyId.MessageExpiryInterval,
        _ => MqttPropertyId.None,
    };

    /// <summary>Writes what is a value of this property, and leaves out what is none: other protocols let anything be said.</summary>
    private static bool TryWrite(MqttPropertyBuilder builder, MqttPropertyId id, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        switch (id)
        {
            case MqttPropertyId.MessageExpiryInterval:
                return true;

            case MqttPropertyId.PayloadFormatIndicator when text is "0" or "1":
                builder.Add(id, text == "1" ? 1u : 0u);
                return true;

            case MqttPropertyId.CorrelationData when Base64.IsValid(bytes, out var length) && length <= ushort.MaxValue:
                builder.Add(id, Convert.FromBase64String(text));
                return true;

            case MqttPropertyId.ContentType when IsString(bytes):
            case MqttPropertyId.ResponseTopic when IsString(bytes) && bytes.Length > 0 && !MqttTopics.HasWildcard(bytes):
                builder.Add(id, bytes);
                return true;

            default:
                return false;
        }
    }

    private static void WriteUser(MqttPropertyBuilder builder, string name, string text)
    {
        var (nameBytes, textBytes) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(text));
        if (IsString(nameBytes) && IsString(textBytes)) builder.AddUser(nameBytes, textBytes);
    }

    private static bool IsString(ReadOnlySpan<byte> bytes) => bytes.Length <= ushort.MaxValue && MqttTopics.IsText(bytes);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
