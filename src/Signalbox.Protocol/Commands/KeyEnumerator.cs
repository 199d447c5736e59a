using System.Text.Json;

namespace Signalbox.Protocol.Commands;

/// <summary>Walks over the keys of a command for a <c>foreach</c>: unescaped UTF-8, no string is made.</summary>
public ref struct KeyEnumerator
{
    private readonly Command _command;
    private readonly bool _isEmpty;
    private Utf8JsonReader _reader;

    internal KeyEnumerator(Command command, ReadOnlySpan<byte> rawKey)
    {
        _command = command;
        _isEmpty = rawKey.IsEmpty;
        _reader = new Utf8JsonReader(rawKey);
    }

    /// <summary>Good until the next command is read.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly KeyEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        // The key was judged before: what is neither string nor number is a bracket of its array.
        while (!_isEmpty && _reader.Read())
        {
            if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) continue;

            Current = _command.KeyText(_reader.ValueSpan, _reader.TokenType, _reader.ValueIsEscaped);
            return true;
        }

        return false;
    }
}
