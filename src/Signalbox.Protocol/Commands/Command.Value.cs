using System.Buffers.Text;
using System.Text.Json;
using Signalbox.Protocol.Json;

namespace Signalbox.Protocol.Commands;

// The value: the one part of a command that outlives it, and so is copied.
public sealed partial class Command
{
    public ValueKind ValueKind => TypeOf(CommandField.Value) switch
    {
        JsonTokenType.None => ValueKind.Missing,
        JsonTokenType.Null => ValueKind.Null,
        JsonTokenType.String => ValueKind.Text,
        _ => ValueKind.Json,
    };

    /// <summary>The value as it was sent; empty when there is none.</summary>
    public ReadOnlyMemory<byte> RawValue => Raw(CommandField.Value);

    /// <summary>
    /// Copies the value: of a string its text, or with <c>"encoding":"base64"</c> the bytes it stands for; of
    /// anything else the JSON as it was sent, blanks and all.
    /// </summary>
    /// <returns>False when there is no value, or it is not what <c>encoding</c> says.</returns>
    public bool TryCopyValue(out byte[] bytes, out ValueFormat format)
    {
        bytes = [];
        format = ValueFormat.Json;
        var kind = ValueKind;
        if (kind == ValueKind.Missing) return false;

        if (!TryGetText(CommandField.Encoding, out var encoding, out var isEncoded)) return false;
        if (isEncoded)
        {
            format = ValueFormat.Binary;
            return encoding.SequenceEqual("base64"u8) && kind == ValueKind.Text && TryCopyBase64(out bytes);
        }

        if (kind == ValueKind.Text && TryGetText(CommandField.Value, out var text, out _))
        {
            format = ValueFormat.Text;
            bytes = text.ToArray();
            return true;
        }

        // A string with half a surrogate pair in it stands for no text, but it is still JSON.
        bytes = RawSlot(CommandField.Value).ToArray();
        return true;
    }

    private bool TryCopyBase64(out byte[] bytes)
    {
        bytes = [];
        if (!TryGetText(CommandField.Value, out var text, out _)) return false;
        if (!Base64.IsValid(text, out var length)) return false;

        bytes = new byte[length];
        Base64.DecodeFromUtf8(text, bytes, out _, out _);
        return true;
    }
}
