using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Signalbox.Gateways.WebSockets;
using Signalbox.Protocol.Replies;
using static Signalbox.Fuzz.BrokenPromiseException;

namespace Signalbox.Fuzz;

/// <summary>
/// Any bytes, in any pieces, are the same frames and messages of a WebSocket as a plain reading of an array makes of
/// them.
/// The first byte of the input says whether compression was agreed upon (its highest bit) and how many of the next are
/// sizes of pieces; the rest is the stream.
/// </summary>
internal static class WebSocketTarget
{
    private const int MaxMessageBytes = 4096;
    private const int MostPieceSizes = 8;

    public static void Check(byte[] input)
    {
        if (input.Length == 0) return;

        var mayCompress = input[0] >= 0x80;
        var sizes = Math.Min(input[0] % MostPieceSizes, input.Length - 1);
        var stream = input.AsMemory(1 + sizes);
        var buffer = SegmentedBytes.Cut(stream, input.AsSpan(1, sizes));
        var assembler = new MessageAssembler(MaxMessageBytes);
        var expected = new PlainMessage(MaxMessageBytes);

        while (true)
        {
            Unless(assembler.Room == expected.Room, $"room for {assembler.Room} bytes, not {expected.Room}");
            var (plainStatus, plain) = PlainFrame.Read(stream.Span, expected.Room, mayCompress);
            var before = buffer.Length;
            var status = WebSocketFrameCodec.TryRead(ref buffer, assembler.Room, mayCompress, out var frame);

            Unless(status == plainStatus, $"a front that is {plainStatus} was called {status}");
            if (status != WebSocketFrameStatus.Complete)
            {
                Unless(buffer.Length == before, "what is no whole frame must be left alone");
                if (status == WebSocketFrameStatus.Begun && !frame.IsControl) CheckBegun(assembler, expected, frame, plain!);
                assembler.Clear();
                return;
            }

            Unless(before - buffer.Length == plain!.Bytes, "a frame must be taken off, and no more");
            CheckFrame(frame, plain, stream.Span);
            stream = stream[plain.Bytes..];
            if (!frame.IsControl && !CheckMessage(assembler, expected, frame, plain)) return;
        }
    }

    private static void CheckFrame(in WebSocketFrame frame, PlainFrame plain, ReadOnlySpan<byte> stream)
    {
        var payload = new byte[frame.Payload.Length];
        WebSocketFrameCodec.Unmask(frame, payload);
        Unless(payload.AsSpan().SequenceEqual(plain.Payload), "a payload must come out from under its mask");
        Unless(
            ((int)frame.Opcode, frame.IsFinal, frame.IsCompressed) == (plain.Opcode, plain.IsFinal, plain.IsCompressed),
            "the first byte must be understood");
        if (!frame.IsFinal) return;

        // What we write is what a client wrote, but for the mask.
        var written = new JsonBuffer();
        var start = WebSocketFrameCodec.Begin(written);
        written.Write(payload);
        WebSocketFrameCodec.End(written, start, frame.Opcode, frame.IsCompressed);
        byte[] unmasked = [.. stream[..(plain.Bytes - payload.Length - sizeof(uint))], .. payload];
        unmasked[1] &= 0x7F;
        Unless(written.WrittenSpan.SequenceEqual(unmasked), "a frame must be written as it was read");
    }

    private static void CheckBegun(
        MessageAssembler assembler, PlainMessage expected, in WebSocketFrame frame, PlainFrame plain)
    {
        var isBad = expected.IsBadText(plain);
        for (var there = 0L; there <= frame.Payload.Length; there++)
        {
            var status = assembler.Look(frame with { Payload = frame.Payload.Slice(0, there) });
            if (status == AssemblyStatus.BadText)
            {
                Unless(isBad, "text that may become UTF-8 must be waited for");
                return;
            }
        }

        Unless(!isBad, "text that cannot become UTF-8 must not be waited for");
    }

    /// <returns>Whether the connection goes on.</returns>
    private static bool CheckMessage(
        MessageAssembler assembler, PlainMessage expected, in WebSocketFrame frame, PlainFrame plain)
    {
        var status = assembler.Add(frame, out var message);
        var (plainStatus, plainBytes) = expected.Add(plain);

        // Where it is both too long and broken behind that, either may be seen first.
        var isEither = plainStatus == AssemblyStatus.TooLarge && status == AssemblyStatus.BadCompression;
        Unless(status == plainStatus || isEither, $"a message that is {plainStatus} was called {status}");
        if (status == AssemblyStatus.Complete)
        {
            Unless(message.Span.SequenceEqual(plainBytes), "a message must be its fragments, joined and expanded");
            Unless(assembler.IsBinary == expected.IsBinary, "a message is of the kind of its first fragment");
        }

        // The reader rests whenever it has no more, within a message too.
        assembler.Rest();
        if (status is AssemblyStatus.Complete or AssemblyStatus.NeedsMoreFrames) return true;

        assembler.Clear();
        return false;
    }

    /// <summary>A frame read from an array, step by step as RFC 6455 says it.</summary>
    private sealed record PlainFrame(int Opcode, bool IsFinal, bool IsCompressed, byte[] Payload, int Bytes)
    {
        public static (WebSocketFrameStatus Status, PlainFrame? Frame) Read(
            ReadOnlySpan<byte> stream, int room, bool mayCompress)
        {
            if (stream.Length < 2) return (WebSocketFrameStatus.NeedMoreData, null);

            var opcode = stream[0] & 0x0F;
            var isFinal = (stream[0] & 0x80) != 0;
            var isCompressed = (stream[0] & 0x40) != 0;
            var isControl = opcode >= 8;
            var length = (ulong)(stream[1] & 0x7F);
            var isForbidden = (stream[0] & 0x30) != 0
                || stream[1] < 0x80
                || opcode is (> 2 and < 8) or > 10
                || (isCompressed && (!mayCompress || opcode is 0 or >= 8))
                || (isControl && (!isFinal || length > 125));
            if (isForbidden) return (WebSocketFrameStatus.ProtocolError, null);

            var header = length switch { 126 => 4, 127 => 10, _ => 2 };
            if (stream.Length < header) return (WebSocketFrameStatus.NeedMoreData, null);

            if (header == 4) length = BinaryPrimitives.ReadUInt16BigEndian(stream[2..]);
            if (header == 10) length = BinaryPrimitives.ReadUInt64BigEndian(stream[2..]);
            var isTooWide = (header == 4 && length < 126)
                || (header == 10 && (length <= 65_535 || length > long.MaxValue));
            if (isTooWide) return (WebSocketFrameStatus.ProtocolError, null);
            if (!isControl && length > (ulong)room) return (WebSocketFrameStatus.TooLarge, null);
            if (stream.Length < header + 4) return (WebSocketFrameStatus.NeedMoreData, null);

            var isWhole = stream.Length - header - 4 >= (int)length;
            var payload = stream.Slice(header + 4, isWhole ? (int)length : stream.Length - header - 4).ToArray();
            for (var i = 0; i < payload.Length; i++) payload[i] ^= stream[header + (i % 4)];
            var bytes = header + 4 + payload.Length;
            var frame = new PlainFrame(opcode, isFinal, isCompressed, payload, bytes);
            return (isWhole ? WebSocketFrameStatus.Complete : WebSocketFrameStatus.Begun, frame);
        }
    }

    /// <summary>Messages put together from lists, and expanded byte by byte.</summary>
    private sealed class PlainMessage(int maxBytes)
    {
        private List<byte>? _begun;
        private bool _isCompressed;

        public int Room => maxBytes - (_begun?.Count ?? 0);

        public bool IsBinary { get; private set; }

        public (AssemblyStatus Status, byte[] Message) Add(PlainFrame frame)
        {
            if ((frame.Opcode == 0) != _begun is not null) return (AssemblyStatus.ProtocolError, []);

            if (_begun is null) (IsBinary, _isCompressed) = (frame.Opcode == 2, frame.IsCompressed);
            (_begun ??= []).AddRange(frame.Payload);
            if (!IsBinary && !_isCompressed && !MayBeText([.. _begun], frame.IsFinal)) return (AssemblyStatus.BadText, []);
            if (!frame.IsFinal) return (AssemblyStatus.NeedsMoreFrames, []);

            byte[] message = [.. _begun];
            _begun = null;
            return _isCompressed ? Expand(message) : (AssemblyStatus.Complete, message);
        }

        public bool IsBadText(PlainFrame begun)
        {
            var isBeginning = begun.Opcode == 1 && _begun is null && !begun.IsCompressed;
            var isContinuation = begun.Opcode == 0 && _begun is not null && !IsBinary && !_isCompressed;
            return (isBeginning || isContinuation) && !MayBeText([.. _begun ?? [], .. begun.Payload], isAll: false);
        }

        private static bool MayBeText(byte[] bytes, bool isAll)
        {
            try
            {
                new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder().GetCharCount(bytes, flush: isAll);
                return true;
            }
            catch (DecoderFallbackException)
            {
                return false;
            }
        }

        private (AssemblyStatus Status, byte[] Message) Expand(byte[] compressed)
        {
            byte[] ended = [.. compressed, 0x00, 0x00, 0xFF, 0xFF, 0x01, 0x00, 0x00, 0xFF, 0xFF];
            using var inflate = new DeflateStream(new MemoryStream(ended), CompressionMode.Decompress);
            List<byte> message = [];
            try
            {
                while (message.Count <= maxBytes && inflate.ReadByte() is >= 0 and var next) message.Add((byte)next);
            }
            catch (InvalidDataException)
            {
                return (AssemblyStatus.BadCompression, []);
            }

            if (message.Count > maxBytes) return (AssemblyStatus.TooLarge, []);
            if (!IsBinary && !MayBeText([.. message], isAll: true)) return (AssemblyStatus.BadText, []);
            return (AssemblyStatus.Complete, [.. message]);
        }
    }
}
