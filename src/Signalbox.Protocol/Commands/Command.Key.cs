using System.Diagnostics;
using System.Text.Json;
using Signalbox.Protocol.Json;

namespace Signalbox.Protocol.Commands;

// The key: a string, an integer, or an array of these.
public sealed partial class Command
{
    public KeyKind KeyKind { get; private set; }

    /// <summary>How many keys there are: for an array its length, and zero when the key is missing or bad.</summary>
    public int KeyCount { get; private set; }

    /// <summary>The key as it was sent; empty when there is none.</summary>
    public ReadOnlySpan<byte> RawKey => KeyKind == KeyKind.Missing ? default : RawSlot(CommandField.Key);

    /// <summary>The text of the only key. An integer is its decimal string.</summary>
    public ReadOnlySpan<byte> Key
    {
        get
        {
            Debug.Assert(KeyKind == KeyKind.One, "There is not one key.");
            ref readonly var slot = ref _slots[(int)CommandField.Key];
            var raw = RawSlot(CommandField.Key);
            return KeyText(slot.Type == JsonTokenType.String ? raw[1..^1] : raw, slot.Type, slot.IsEscaped);
        }
    }

    /// <summary>The texts of the keys, whether one or many; none when the key is missing or bad.</summary>
    public KeyEnumerator Keys => new(this, KeyKind is KeyKind.One or KeyKind.Many ? RawKey : default);

    /// <summary>The text of a key that <see cref="ReadKey"/> found good.</summary>
    internal ReadOnlySpan<byte> KeyText(ReadOnlySpan<byte> token, JsonTokenType type, bool isEscaped)
    {
        // Of all integers only minus zero is not its own decimal string.
        if (type == JsonTokenType.Number) return token.SequenceEqual("-0"u8) ? token[1..] : token;

        var isText = TryUnescape(token, isEscaped, out var text);
        Debug.Assert(isText, "A key that is no text is bad.");
        return text;
    }

    /// <summary>Judges the key that the reader stands at, and leaves the reader at its last token.</summary>
    private void ReadKey(ref Utf8JsonReader reader)
    {
        ForgetKey();
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                break;

            case JsonTokenType.StartArray:
                KeyKind = KeyKind.Many;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (!IsKey(ref reader)) KeyKind = KeyKind.Bad;
                    reader.Skip();
                    KeyCount++;
                }

                break;

            default:
                KeyKind = IsKey(ref reader) ? KeyKind.One : KeyKind.Bad;
                KeyCount = 1;
                reader.Skip();
                break;
        }

        if (KeyKind == KeyKind.Bad) KeyCount = 0;
    }

    private static bool IsKey(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => !reader.ValueIsEscaped || JsonText.IsText(reader.ValueSpan),
        JsonTokenType.Number => reader.TryGetInt64(out _),
        _ => false,
    };

    private void ForgetKey()
    {
        KeyKind = KeyKind.Missing;
        KeyCount = 0;
    }
}
