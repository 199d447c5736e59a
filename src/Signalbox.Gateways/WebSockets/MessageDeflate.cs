using System.Buffers;
using System.IO.Compression;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.WebSockets;

/// <summary>
/// Compresses and expands single messages (RFC 7692), each for itself: so a message is compressed once for all who get
/// it, and a connection keeps no window.
/// </summary>
internal static class MessageDeflate
{
    /// <summary>How much longer than its content an array has to be that <see cref="Inflate"/> reads.</summary>
    public const int RoomForTail = 9;

    private const int MaxKeptBytes = 64 * 1024;

    // In the smallest window these are 64 KiB.
    private const int MaxPieces = 256;

    // Level 1 does without codes of its own for a message, and JSON comes out a third longer; beyond 2 little is won.
    private static readonly ZLibCompressionOptions Level = new() { CompressionLevel = 2 };

    [ThreadStatic]
    private static MemoryStream? _output;

    // The sender leaves out the end of its last, empty block; behind that goes another one which says that it is the
    // last, so that whoever expands it knows the end from a break.
    private static ReadOnlySpan<byte> Tail => [0x00, 0x00, 0xFF, 0xFF, 0x01, 0x00, 0x00, 0xFF, 0xFF];

    /// <summary>Puts what comes behind <paramref name="start"/> into compressed form, where that is shorter.</summary>
    /// <param name="window">How far back it may refer, as a power of two.</param>
    /// <remarks>
    /// The framework's stream always refers as far back as deflate can. For a smaller window the message is compressed in
    /// pieces of that length, each of which refers only to itself. What would need very many of them is not compressed:
    /// each costs as much as a message, and a client that asks for the smallest window must not make others' slow.
    /// </remarks>
    public static bool TryDeflate(JsonBuffer buffer, int start, int window)
    {
        const int emptyBlockEnd = 4;
        var message = buffer.WrittenSpan[start..];
        var pieceBytes = window < DeflateAgreement.LargestWindow ? 1 << window : message.Length;
        if (message.Length > (long)pieceBytes * MaxPieces) return false;

        var output = _output ??= new MemoryStream();
        var rest = message;
        while (!rest.IsEmpty && output.Length < message.Length)
        {
            var piece = rest[..Math.Min(pieceBytes, rest.Length)];
            Deflate(piece, output);
            rest = rest[piece.Length..];
        }

        var length = (int)output.Length - emptyBlockEnd;
        var isShorter = rest.IsEmpty && length < message.Length;
        if (isShorter) output.GetBuffer().AsSpan(0, length).CopyTo(message);
        output.SetLength(0);
        if (output.Capacity > MaxKeptBytes) _output = null;
        if (isShorter) buffer.Cut(start + length);
        return isShorter;
    }

    /// <summary>Expands a message, up to <paramref name="maxBytes"/>: whatever it would become, no more is made of it.</summary>
    /// <param name="compressed">Has room for the tail behind its content.</param>
    /// <param name="message">From the shared pool, and the caller's to return.</param>
    /// <returns>The length; more than the most where it would be longer; negative where it cannot be expanded.</returns>
    public static int Inflate(byte[] compressed, int length, int maxBytes, out byte[] message)
    {
        Tail.CopyTo(compressed.AsSpan(length));
        using var input = new MemoryStream(compressed, 0, length + RoomForTail, writable: false);
        using var inflate = new DeflateStream(input, CompressionMode.Decompress);
        message = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(length * 4L, 256), maxBytes + 1));
        try
        {
            for (var written = 0; ;)
            {
                var read = inflate.Read(message, written, message.Length - written);
                written += read;
                if (read == 0 || written > maxBytes) return written;
                if (written == message.Length) Grow(ref message);
            }
        }
        catch (InvalidDataException)
        {
            return -1;
        }
    }

    // Ends at a whole byte, with an empty block; what the stream says at its end, that no more comes, is not for the peer.
    private static void Deflate(ReadOnlySpan<byte> piece, MemoryStream output)
    {
        using var deflate = new DeflateStream(output, Level, leaveOpen: true);
        deflate.Write(piece);
        deflate.Flush();
        var length = output.Length;
        deflate.Dispose();
        output.SetLength(length);
    }

    private static void Grow(ref byte[] bytes)
    {
        var grown = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        bytes.CopyTo(grown, 0);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = grown;
    }
}
