using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Signalbox.Protocol.Json;

namespace Signalbox.Protocol.Commands;

// The typed questions about a field, and the scratch in which escaped texts are unescaped.
public sealed partial class Command
{
    private const int ScratchBytes = 1024;

    private byte[] _scratch = [];
    private int _scratchUsed;

    /// <returns>How the field's value begins; <see cref="JsonTokenType.None"/> when there is no such field.</returns>
    public JsonTokenType TypeOf(CommandField field) =>
        (_present & (1UL << (int)field)) != 0 ? _slots[(int)field].Type : JsonTokenType.None;

    /// <returns>The field's value as it was sent; empty when there is no such field.</returns>
    public ReadOnlyMemory<byte> Raw(CommandField field) =>
        TypeOf(field) == JsonTokenType.None
            ? default
            : _body.Slice(_slots[(int)field].Start, _slots[(int)field].Length);

    public bool TryGetInt64(CommandField field, out long value, out bool isPresent)
    {
        value = 0;
        isPresent = IsPresent(field);
        if (!isPresent) return true;

        // A fraction or an exponent stops the parser short, even where the number is whole.
        var raw = RawSlot(field);
        return TypeOf(field) == JsonTokenType.Number
            && Utf8Parser.TryParse(raw, out value, out var parsed)
            && parsed == raw.Length;
    }

    public bool TryGetBoolean(CommandField field, out bool value, out bool isPresent)
    {
        var type = TypeOf(field);
        value = type == JsonTokenType.True;
        isPresent = IsPresent(field);
        return !isPresent || type is JsonTokenType.True or JsonTokenType.False;
    }

    /// <param name="utf8">The text without quotes and escapes.</param>
    public bool TryGetText(CommandField field, out ReadOnlySpan<byte> utf8, out bool isPresent)
    {
        utf8 = default;
        isPresent = IsPresent(field);
        if (!isPresent) return true;

        ref readonly var slot = ref _slots[(int)field];
        return slot.Type == JsonTokenType.String && TryUnescape(RawSlot(field)[1..^1], slot.IsEscaped, out utf8);
    }

    public bool TryGetString(CommandField field, out string? value, out bool isPresent)
    {
        var isText = TryGetText(field, out var utf8, out isPresent);
        value = isText && isPresent ? Encoding.UTF8.GetString(utf8) : null;
        return isText;
    }

    /// <summary>Copies the sender's headers, in their order; a name may come more than once.</summary>
    /// <returns>False when they are not an object of name to text; the collection then has a part of them.</returns>
    public bool TryCopyHeaders(ICollection<KeyValuePair<string, string>> headers, out bool isPresent)
    {
        isPresent = IsPresent(CommandField.User);
        if (!isPresent) return true;
        if (TypeOf(CommandField.User) != JsonTokenType.StartObject) return false;

        var reader = new Utf8JsonReader(RawSlot(CommandField.User), ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryUnescape(reader.ValueSpan, reader.ValueIsEscaped, out var utf8)) return false;
            var name = Encoding.UTF8.GetString(utf8);

            reader.Read();
            if (reader.TokenType != JsonTokenType.String) return false;
            if (!TryUnescape(reader.ValueSpan, reader.ValueIsEscaped, out utf8)) return false;
            headers.Add(new(name, Encoding.UTF8.GetString(utf8)));
        }

        return true;
    }

    private bool IsPresent(CommandField field) => TypeOf(field) is not (JsonTokenType.None or JsonTokenType.Null);

    /// <summary>The raw value of a field that is there.</summary>
    private ReadOnlySpan<byte> RawSlot(CommandField field)
    {
        ref readonly var slot = ref _slots[(int)field];
        return _body.Span.Slice(slot.Start, slot.Length);
    }

    internal bool TryUnescape(ReadOnlySpan<byte> source, bool isEscaped, out ReadOnlySpan<byte> text)
    {
        text = source;
        if (!isEscaped) return true;

        // When the scratch is full a new one takes its place. Spans into the old one keep that alive, so every
        // text that was handed out stays good until the next command.
        if (source.Length > _scratch.Length - _scratchUsed)
        {
            _scratch = new byte[Math.Max(ScratchBytes, source.Length)];
            _scratchUsed = 0;
        }

        var room = _scratch.AsSpan(_scratchUsed);
        if (!JsonText.TryUnescape(source, room, out var written)) return false;

        text = room[..written];
        _scratchUsed += written;
        return true;
    }

    private void ForgetScratch()
    {
        _scratchUsed = 0;

        // One long text must not stay with its connection for ever.
        if (_scratch.Length > ScratchBytes) _scratch = [];
    }
}
