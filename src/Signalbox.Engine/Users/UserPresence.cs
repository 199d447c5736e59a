using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Signalbox.Core.Payloads;

namespace Signalbox.Engine.Users;

/// <summary>What the channel <c>$users/ID</c> says of a user: the first connection makes it online, the last one's end
/// offline, wherever they are.</summary>
public static class UserPresence
{
    /// <summary>Versions come from the clock and grow for ever, so there is one numbering only.</summary>
    public const string Epoch = "users";

    /// <summary>What stands for the sender: it is told by the user's machine itself.</summary>
    public const string Source = "";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="onlineSince">Null where the user is offline.</param>
    public static Payload Of(string user, DateTimeOffset? onlineSince)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("user"u8, user);
            writer.WriteBoolean("online"u8, onlineSince is not null);
            if (onlineSince is { } since) writer.WriteNumber("since"u8, since.ToUnixTimeMilliseconds());
            writer.WriteEndObject();
        }

        return new Payload(json.WrittenMemory, PayloadKind.Json);
    }
}
