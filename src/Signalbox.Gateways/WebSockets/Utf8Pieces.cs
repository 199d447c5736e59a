using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Signalbox.Gateways.WebSockets;

/// <summary>Judges text that comes in pieces: not UTF-8 is said at the first byte that cannot be any.</summary>
/// <remarks>A piece may end within a character; what it has of that is kept, and is at most three bytes.</remarks>
internal struct Utf8Pieces
{
    private const int LongestCharacter = 4;

    private uint _begun;
    private int _begunBytes;

    /// <summary>Whether the pieces end where a character does.</summary>
    public readonly bool IsWhole => _begunBytes == 0;

    /// <returns>False where no text begins with these pieces; nothing may be added then.</returns>
    public bool Add(ReadOnlySpan<byte> piece)
    {
        Span<byte> character = stackalloc byte[LongestCharacter];
        while (_begunBytes > 0 && !piece.IsEmpty)
        {
            _begun |= (uint)piece[0] << (8 * _begunBytes++);
            piece = piece[1..];
            BinaryPrimitives.WriteUInt32LittleEndian(character, _begun);
            var status = Rune.DecodeFromUtf8(character[.._begunBytes], out _, out _);
            if (status is OperationStatus.InvalidData) return false;
            if (status is OperationStatus.Done) (_begun, _begunBytes) = (0, 0);
        }

        var whole = piece[..^UnfinishedBytes(piece)];
        foreach (var next in piece[whole.Length..]) _begun |= (uint)next << (8 * _begunBytes++);
        return Utf8.IsValid(whole);
    }

    private static int UnfinishedBytes(ReadOnlySpan<byte> piece)
    {
        for (var bytes = 1; bytes < LongestCharacter && bytes <= piece.Length; bytes++)
        {
            var last = piece[^bytes];
            if (last < 0x80) return 0;

            var isContinuation = last < 0xC0;
            if (isContinuation) continue;

            return Rune.DecodeFromUtf8(piece[^bytes..], out _, out _) is OperationStatus.NeedMoreData ? bytes : 0;
        }

        return 0;
    }
}
