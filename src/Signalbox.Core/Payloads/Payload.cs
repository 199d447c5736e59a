using System.Buffers;
using System.Text;

namespace Signalbox.Core.Payloads;

/// <summary>The bytes that a message, an item or a key holds, with the mark of what they are.</summary>
/// <remarks>
/// A JSON string that comes in on a JSON protocol is kept as the text it stands for, so that <c>"hello"</c> from a
/// browser reaches a device as <c>hello</c>, and <c>hello</c> from a device reaches a browser as <c>"hello"</c>.
/// The bytes are never changed after the payload was made: whoever makes one from a buffer copies first.
/// </remarks>
public readonly record struct Payload(ReadOnlyMemory<byte> Bytes, PayloadKind Kind)
{
    /// <summary>The JSON value null: what a JSON protocol sends for "nothing".</summary>
    public static readonly Payload Null = new("null"u8.ToArray(), PayloadKind.Json);

    public int Length => Bytes.Length;

    /// <summary>Whether there is nothing to see in it: no bytes, or only white space.</summary>
    public bool IsBlank
    {
        get
        {
            var rest = Bytes.Span;
            while (!rest.IsEmpty)
            {
                var status = Rune.DecodeFromUtf8(rest, out var rune, out var length);
                if (status != OperationStatus.Done || !Rune.IsWhiteSpace(rune)) return false;
                rest = rest[length..];
            }

            return true;
        }
    }

    /// <summary>Equal means the same kind and the same bytes, wherever they are.</summary>
    public bool Equals(Payload other) => Kind == other.Kind && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}
