using System.Text.Json;
using System.Text.Unicode;
using Signalbox.Protocol.Json;

namespace Signalbox.Protocol.Commands;

/// <summary>
/// One command, read in one pass over its JSON: where each known field lies in the body, and nothing copied.
/// </summary>
/// <remarks>
/// <para>A connection has one and reads every command into it. Whatever is handed out as a span or memory is a slice
/// of the body or of a scratch buffer, and is good until the next <see cref="Read"/>.</para>
/// <para>Of a repeated field the last counts. A field that is null counts as not there, except <c>value</c>.</para>
/// <para>The typed questions (<c>TryGet…</c>) answer false when the field is there but of a wrong type.</para>
/// <para>Not thread-safe.</para>
/// </remarks>
public sealed partial class Command
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 64 };

    private readonly FieldSlot[] _slots = new FieldSlot[CommandFields.Count];

    // A slot is worth something only when its bit is set, so that forgetting a command is one assignment.
    private ulong _present;
    private ReadOnlyMemory<byte> _body;
    private bool _hasFields;

    /// <summary>The command, or none unless <see cref="Read"/> said Ok.</summary>
    public CommandName Name { get; private set; }

    /// <summary>The name as it was sent, with its quotes: replies repeat the client's own spelling.</summary>
    public ReadOnlySpan<byte> RawCommand => Raw(CommandField.Command).Span;

    public SeqKind SeqKind => TypeOf(CommandField.Seq) switch
    {
        JsonTokenType.None or JsonTokenType.Null => SeqKind.Missing,
        JsonTokenType.String => RawSlot(CommandField.Seq).Length > 2 ? SeqKind.Present : SeqKind.Missing,
        JsonTokenType.StartArray or JsonTokenType.StartObject => SeqKind.Bad,
        _ => SeqKind.Present,
    };

    /// <summary>The sequence as it was sent, ready to be echoed; empty when there is none.</summary>
    /// <remarks>The only field that is also there when the body is no object after all, but begins like one.</remarks>
    public ReadOnlySpan<byte> RawSeq => SeqKind == SeqKind.Present ? RawSlot(CommandField.Seq) : default;

    /// <summary>Reads a body, and forgets the one before. Never throws, whatever the body is.</summary>
    public CommandReadStatus Read(ReadOnlyMemory<byte> body)
    {
        Forget(body);

        // The JSON reader does not look at what is inside of strings.
        if (!Utf8.IsValid(body.Span) || !TryReadFields(body.Span))
        {
            ForgetAllButSeq();
            return CommandReadStatus.NotAnObject;
        }

        if (!_hasFields) return CommandReadStatus.Empty;
        if (!TryGetText(CommandField.Command, out var name, out _) || name.IsEmpty) return CommandReadStatus.NoCommand;

        Name = CommandNames.Find(name);
        return Name == CommandName.None ? CommandReadStatus.UnknownCommand : CommandReadStatus.Ok;
    }

    private void Forget(ReadOnlyMemory<byte> body)
    {
        _body = body;
        _present = 0;
        _hasFields = false;
        Name = CommandName.None;
        ForgetKey();
        ForgetScratch();
    }

    // The key may have been judged without having been read to its end.
    private void ForgetAllButSeq()
    {
        _present &= 1UL << (int)CommandField.Seq;
        ForgetKey();
    }

    private bool TryReadFields(ReadOnlySpan<byte> body)
    {
        try
        {
            return ReadFields(body);
        }
        catch (JsonException)
        {
            // The reader has no other way to say it. It costs microseconds, once: the connection ends after it.
            return false;
        }
    }

    /// <returns>Is it one whole object?</returns>
    private bool ReadFields(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _hasFields = true;
            var field = FieldOf(ref reader);
            reader.Read();

            var start = (int)reader.TokenStartIndex;
            var type = reader.TokenType;
            var isEscaped = reader.ValueIsEscaped;
            if (field == CommandField.Key) ReadKey(ref reader);
            else reader.Skip();

            if (field == CommandField.None) continue;
            _slots[(int)field] = new FieldSlot(start, (int)reader.BytesConsumed - start, type, isEscaped);
            _present |= 1UL << (int)field;
        }

        // Nothing but blanks may follow: anything else makes the reader throw.
        return !reader.Read();
    }

    private static CommandField FieldOf(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        if (!reader.ValueIsEscaped) return CommandFields.Find(name);

        // A letter takes at most six bytes when it is escaped.
        Span<byte> text = stackalloc byte[CommandFields.MaxBytes * 6];
        return name.Length <= text.Length && JsonText.TryUnescape(name, text, out var written)
            ? CommandFields.Find(text[..written])
            : CommandField.None;
    }

    /// <summary>Where a field's value lies in the body, and what it is.</summary>
    private readonly record struct FieldSlot(int Start, int Length, JsonTokenType Type, bool IsEscaped);
}
