using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.WebSockets;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Tests.WebSockets;

public sealed class MessageAssemblerProperties
{
    private const int Limit = 10_000;

    [Fact]
    public void However_a_message_is_cut_into_fragments_it_is_the_same_message() =>
        Prop.ForAll<byte[], byte[]>((message, cuts) =>
        {
            var assembler = new MessageAssembler(Limit);

            // Twice, for what the first may have left behind.
            for (var round = 0; round < 2; round++)
            {
                Assert.Equal(message, AddAll(assembler, Fragments(message, cuts, compressed: false)));
                assembler.Rest();
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void However_a_compressed_message_is_cut_it_is_expanded() =>
        Prop.ForAll<byte[], byte[]>((seed, cuts) =>
        {
            byte[] message = [.. Enumerable.Repeat(seed.Length == 0 ? [1] : seed, 20).SelectMany(part => part)];
            var buffer = new JsonBuffer();
            buffer.Write("before"u8);
            buffer.Write(message);
            var window = 8 + (seed.Length % 8);
            if (!MessageDeflate.TryDeflate(buffer, "before".Length, window)) return;

            Assert.True(buffer.WrittenSpan.StartsWith("before"u8));
            var compressed = buffer.WrittenSpan["before".Length..].ToArray();
            Assert.True(compressed.Length < message.Length);
            Assert.InRange(DeflateDistances.LargestIn(compressed), 0, 1 << window);
            Assert.Equal(message, AddAll(new MessageAssembler(Limit * 100), Fragments(compressed, cuts, compressed: true)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_that_call_themselves_compressed_are_expanded_or_refused() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            var assembler = new MessageAssembler(100);

            var status = assembler.Add(Fragments(bytes, [], compressed: true).Single(), out var message);

            Assert.True(status is AssemblyStatus.Complete or AssemblyStatus.BadCompression or AssemblyStatus.TooLarge);
            Assert.InRange(message.Length, 0, 100);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_expands_beyond_the_limit_is_given_up_there()
    {
        var buffer = new JsonBuffer();
        buffer.Write(new byte[50_000_000]);
        Assert.True(MessageDeflate.TryDeflate(buffer, 0, window: 15));
        var bomb = buffer.WrittenSpan.ToArray();
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        var status = new MessageAssembler(1_000_000).Add(Fragments(bomb, [], compressed: true).Single(), out _);

        Assert.Equal(AssemblyStatus.TooLarge, status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 10_000_000);
    }

    [Fact]
    public void A_continuation_of_nothing_and_a_beginning_within_another_are_errors()
    {
        Assert.Equal(AssemblyStatus.ProtocolError, new MessageAssembler(Limit).Add(Parse(0x80, []), out _));

        var assembler = new MessageAssembler(Limit);
        Assert.Equal(AssemblyStatus.NeedsMoreFrames, assembler.Add(Parse(0x01, []), out _));
        Assert.Equal(AssemblyStatus.ProtocolError, assembler.Add(Parse(0x81, []), out _));
    }

    [Fact]
    public void What_was_taken_already_leaves_less_room()
    {
        var assembler = new MessageAssembler(100);
        assembler.Add(Parse(0x01, new byte[60]), out _);
        assembler.Rest();
        Assert.Equal(40, assembler.Room);

        assembler.Add(Parse(0x80, new byte[40]), out var message);

        Assert.Equal((100, 100), (message.Length, assembler.Room));
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused_in_the_fragment_that_shows_it()
    {
        var assembler = new MessageAssembler(Limit);
        Assert.Equal(AssemblyStatus.NeedsMoreFrames, assembler.Add(Parse(0x01, [0x61, 0xF4]), out _));

        Assert.Equal(AssemblyStatus.BadText, assembler.Add(Parse(0x00, [0x90]), out _));

        Assert.Equal(AssemblyStatus.BadText, new MessageAssembler(Limit).Add(Parse(0x81, [0xF4, 0x8F]), out _));
        Assert.Equal(AssemblyStatus.BadText, new MessageAssembler(Limit).Add(Parse(0xC1, Deflated([0xF4, 0x8F])), out _));
        Assert.Equal(AssemblyStatus.Complete, new MessageAssembler(Limit).Add(Parse(0x82, [0xF4, 0x90]), out _));
    }

    [Fact]
    public void However_text_comes_it_is_refused_when_the_first_byte_has_come_that_is_not_UTF8() =>
        Prop.ForAll<string, byte[]>((text, cuts) =>
        {
            var good = Encoding.UTF8.GetBytes(text ?? "");
            var fragments = Fragments([.. good, 0xFF, .. "and so on"u8], cuts, compressed: false, opcode: 0x01).ToList();
            var assembler = new MessageAssembler(Limit);
            var taken = 0;
            foreach (var frame in fragments)
            {
                // As if the connection brought its payload byte by byte.
                for (var there = 0; there < frame.Payload.Length; there++)
                {
                    var isBad = taken + there > good.Length;
                    var status = assembler.Look(frame with { Payload = frame.Payload.Slice(0, there) });
                    Assert.Equal(isBad ? AssemblyStatus.BadText : AssemblyStatus.NeedsMoreFrames, status);
                    if (isBad) return;
                }

                taken += (int)frame.Payload.Length;
                if (taken <= good.Length) Assert.Equal(AssemblyStatus.NeedsMoreFrames, assembler.Add(frame, out _));
                else Assert.Equal(AssemblyStatus.BadText, assembler.Add(frame, out _));
                if (taken > good.Length) return;
                assembler.Rest();
            }
        }).QuickCheckThrowOnFailure();

    private static byte[] Deflated(byte[] stored) => [0x00, (byte)stored.Length, 0x00, (byte)~stored.Length, 0xFF, .. stored, 0x00];

    private static byte[] AddAll(MessageAssembler assembler, IEnumerable<WebSocketFrame> frames)
    {
        foreach (var frame in frames)
        {
            var status = assembler.Add(frame, out var message);
            Assert.Equal(frame.IsFinal ? AssemblyStatus.Complete : AssemblyStatus.NeedsMoreFrames, status);
            if (frame.IsFinal) return message.ToArray();

            // The reader rests between reads, within a message too.
            assembler.Rest();
        }

        throw new InvalidOperationException("A message has a last fragment.");
    }

    private static IEnumerable<WebSocketFrame> Fragments(byte[] message, byte[] cuts, bool compressed, byte opcode = 0x02)
    {
        var first = (byte)(compressed ? 0x40 | opcode : opcode);
        foreach (var cut in cuts.Select(cut => Math.Min((int)cut, message.Length)))
        {
            yield return Parse(first, message[..cut]);
            (message, first) = (message[cut..], 0);
        }

        yield return Parse((byte)(first | 0x80), message);
    }

    private static WebSocketFrame Parse(byte first, byte[] payload)
    {
        var buffer = new ReadOnlySequence<byte>(WebSocketDriver.Frame(first, payload));
        Assert.Equal(WebSocketFrameStatus.Complete, WebSocketFrameCodec.TryRead(ref buffer, int.MaxValue, mayCompress: true, out var frame));
        return frame;
    }
}
