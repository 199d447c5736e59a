using System.Buffers;
using System.Text.Unicode;

namespace Signalbox.Gateways.WebSockets;

/// <summary>Puts the data frames of one connection together to messages: unmasked, joined, expanded, and UTF-8 where
/// they are text.</summary>
/// <remarks>Holds memory only within a message, and while one is looked at. Not thread-safe.</remarks>
internal sealed class MessageAssembler(int maxBytes)
{
    private const int LookBytes = 512;

    private byte[]? _bytes;
    private byte[]? _expanded;
    private int _length;
    private bool _isWithin;
    private bool _isBinary;
    private bool _isCompressed;
    private Utf8Pieces _text;
    private long _looked;

    /// <summary>How long the next data frame may be.</summary>
    public int Room => _isWithin ? maxBytes - _length : maxBytes;

    /// <summary>Whether the last message was a binary one.</summary>
    public bool IsBinary => _isBinary;

    /// <param name="message">Good until the next frame, or <see cref="Rest"/>.</param>
    public AssemblyStatus Add(in WebSocketFrame frame, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if ((frame.Opcode == WebSocketOpcode.Continuation) != _isWithin) return AssemblyStatus.ProtocolError;

        if (!_isWithin)
        {
            _length = 0;
            _isBinary = frame.Opcode == WebSocketOpcode.Binary;
            _isCompressed = frame.IsCompressed;
        }

        var unlooked = _length + (int)_looked;
        _looked = 0;
        Append(frame);
        _isWithin = !frame.IsFinal;
        if (!_isBinary && !_isCompressed && !IsText(_bytes.AsSpan(unlooked, _length - unlooked), frame.IsFinal))
        {
            return AssemblyStatus.BadText;
        }

        if (_isWithin) return AssemblyStatus.NeedsMoreFrames;
        if (_isCompressed) return Expand(out message);

        message = _bytes.AsMemory(0, _length);
        return AssemblyStatus.Complete;
    }

    /// <summary>Looks at what has come of the next data frame: text that cannot become UTF-8 any more is not waited for.
    /// </summary>
    /// <remarks>What is compressed is judged when all of it is there.</remarks>
    public AssemblyStatus Look(in WebSocketFrame begun)
    {
        var isText = _isWithin ? !_isBinary && !_isCompressed : begun.Opcode == WebSocketOpcode.Text && !begun.IsCompressed;
        if (!isText || (begun.Opcode == WebSocketOpcode.Continuation) != _isWithin) return AssemblyStatus.NeedsMoreFrames;

        Span<byte> bytes = stackalloc byte[LookBytes];
        var rest = WebSocketFrameCodec.From(begun, _looked);
        while (!rest.Payload.IsEmpty)
        {
            var length = (int)Math.Min(bytes.Length, rest.Payload.Length);
            WebSocketFrameCodec.Unmask(rest with { Payload = rest.Payload.Slice(0, length) }, bytes);
            if (!_text.Add(bytes[..length])) return AssemblyStatus.BadText;

            rest = WebSocketFrameCodec.From(rest, length);
            _looked += length;
        }

        return AssemblyStatus.NeedsMoreFrames;
    }

    /// <summary>Nobody looks at the last message any more.</summary>
    public void Rest()
    {
        if (!_isWithin) Return(ref _bytes);
        Return(ref _expanded);
    }

    /// <summary>The connection is over, whatever was begun.</summary>
    public void Clear()
    {
        _isWithin = false;
        Rest();
    }

    private bool IsText(ReadOnlySpan<byte> more, bool isAll) => _text.Add(more) && (!isAll || _text.IsWhole);

    private void Append(in WebSocketFrame frame)
    {
        var end = _length + (int)frame.Payload.Length;
        if (_bytes is null || _bytes.Length < end + MessageDeflate.RoomForTail)
        {
            // Doubled where it grows: many small fragments are copied a few times, and not each time.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(end + MessageDeflate.RoomForTail, _length * 2));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            Return(ref _bytes);
            _bytes = larger;
        }

        WebSocketFrameCodec.Unmask(frame, _bytes.AsSpan(_length));
        _length = end;
    }

    private AssemblyStatus Expand(out ReadOnlyMemory<byte> message)
    {
        message = default;
        Return(ref _expanded);
        var length = MessageDeflate.Inflate(_bytes!, _length, maxBytes, out _expanded); // There is a frame in it.
        if (length < 0) return AssemblyStatus.BadCompression;
        if (length > maxBytes) return AssemblyStatus.TooLarge;
        if (!_isBinary && !Utf8.IsValid(_expanded.AsSpan(0, length))) return AssemblyStatus.BadText;

        message = _expanded.AsMemory(0, length);
        return AssemblyStatus.Complete;
    }

    private static void Return(ref byte[]? bytes)
    {
        if (bytes is not null) ArrayPool<byte>.Shared.Return(bytes);
        bytes = null;
    }
}
