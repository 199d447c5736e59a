using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>Writes the fields that many commands share.</summary>
internal static class Fields
{
    public static void Key(this ReplyWriter writer, string key)
    {
        writer.Property("key"u8);
        writer.Text(key);
    }

    public static void OptionalText(this ReplyWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is null) return;

        writer.Property(name);
        writer.Text(text);
    }

    public static void OptionalNumber(this ReplyWriter writer, ReadOnlySpan<byte> name, long? number)
    {
        if (number is not { } value) return;

        writer.Property(name);
        writer.Number(value);
    }

    /// <summary>A time in whole milliseconds, never shorter than it is.</summary>
    public static void OptionalTime(this ReplyWriter writer, ReadOnlySpan<byte> name, TimeSpan? time)
    {
        if (time is { } value) writer.OptionalNumber(name, (long)Math.Ceiling(value.TotalMilliseconds));
    }

    public static void Headers(this ReplyWriter writer, IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        if (headers.Count == 0) return;

        writer.Property("user"u8);
        writer.BeginObject();
        foreach (var (name, value) in headers)
        {
            writer.TextProperty(name);
            writer.Text(value);
        }

        writer.EndObject();
    }
}
