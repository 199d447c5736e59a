using System.Buffers;
using Signalbox.Protocol.Mqtt;
using static Signalbox.Fuzz.BrokenPromiseException;

namespace Signalbox.Fuzz;

/// <summary>
/// Any bytes, in any pieces, are cut into the packets that a plain loop over an array cuts them into; and what can be read
/// is written so that it reads the same.
/// <code>
///  +-------------------------------------------+--------------+--------+
///  | version: 2 bits, sender: 1, how many: 3   | piece sizes  | stream |
///  +-------------------------------------------+--------------+--------+
/// </code>
/// </summary>
internal static class MqttTarget
{
    private const int MaxPacketBytes = 4096;

    private static readonly MqttVersion[] Versions = [MqttVersion.V31, MqttVersion.V311, MqttVersion.V5, MqttVersion.None];

    public static void Check(byte[] input)
    {
        if (input.Length == 0) return;

        var version = Versions[input[0] & 3];
        var sender = (input[0] & 4) == 0 ? MqttSender.Client : MqttSender.Server;
        var sizes = Math.Min(input[0] >> 3 & 7, input.Length - 1);
        var stream = input.AsMemory(1 + sizes);
        var buffer = SegmentedBytes.Cut(stream, input.AsSpan(1, sizes));

        while (true)
        {
            var (expected, header, length) = ReadPlainly(stream.Span, version);
            var before = buffer.Length;
            var status = MqttFrameCodec.TryRead(ref buffer, version, MaxPacketBytes, out var frame, out var error);

            Unless(status == expected, $"a front that is {expected} was called {status}");
            Unless((status == MqttFrameStatus.Broken) == error is not null, "what is broken says why");
            if (status != MqttFrameStatus.Complete)
            {
                Unless(buffer.Length == before, "what is no whole packet must be left alone");
                return;
            }

            var body = frame.Body.ToArray();
            Unless(body.AsSpan().SequenceEqual(stream.Span.Slice(header, length)), "a body must be the bytes behind its length");
            Unless(buffer.Length == before - header - length, "a packet must be taken off, and no more");
            if (version != MqttVersion.None) CheckAgain(version, sender, frame.Type, frame.Flags, body);
            stream = stream[(header + length)..];
        }
    }

    private static void CheckAgain(MqttVersion version, MqttSender sender, MqttPacketType type, byte flags, byte[] body)
    {
        var written = new ArrayBufferWriter<byte>();
        if (MqttPackets.Rewrite(version, sender, type, flags, body, written) is not null) return;

        var buffer = new ReadOnlySequence<byte>(written.WrittenMemory);
        var status = MqttFrameCodec.TryRead(ref buffer, version, int.MaxValue, out var frame, out _);
        Unless(status == MqttFrameStatus.Complete && buffer.IsEmpty, "what is written must be one packet");
        Unless(frame.Type == type, "what is written must be of the type that was read");

        var again = new ArrayBufferWriter<byte>();
        var error = MqttPackets.Rewrite(version, sender, frame.Type, frame.Flags, frame.Body.ToArray(), again);
        Unless(error is null, "what is written must be readable");
        Unless(again.WrittenSpan.SequenceEqual(written.WrittenSpan), "what is written must read the same");
    }

    /// <summary>The fixed header, as section 2.1 says it.</summary>
    private static (MqttFrameStatus Status, int Header, int Length) ReadPlainly(ReadOnlySpan<byte> stream, MqttVersion version)
    {
        if (stream.IsEmpty) return (MqttFrameStatus.NeedMoreData, 0, 0);

        var type = stream[0] >> 4;
        var flags = stream[0] & 0x0F;
        var isOld = version is MqttVersion.V31 or MqttVersion.V311;
        // PUBLISH has flags of its own; PUBREL, SUBSCRIBE and UNSUBSCRIBE have the second bit set.
        var isFree = type == 3 || version == MqttVersion.V31;
        var isForbidden = type == 0 || (type == 15 && isOld) || (!isFree && flags != (type is 6 or 8 or 10 ? 2 : 0));
        if (isForbidden) return (MqttFrameStatus.Broken, 0, 0);

        var length = 0;
        var bytes = 0;
        while (true)
        {
            if (stream.Length < 2 + bytes) return (MqttFrameStatus.NeedMoreData, 0, 0);

            var next = stream[1 + bytes];
            length |= (next & 0x7F) << (7 * bytes);
            bytes++;
            if (next < 0x80 && next == 0 && bytes > 1) return (MqttFrameStatus.Broken, 0, 0);
            if (next < 0x80) break;
            if (bytes == 4) return (MqttFrameStatus.Broken, 0, 0);
        }

        if (1 + bytes + length > MaxPacketBytes) return (MqttFrameStatus.Broken, 0, 0);
        return (stream.Length < 1 + bytes + length ? MqttFrameStatus.NeedMoreData : MqttFrameStatus.Complete, 1 + bytes, length);
    }
}
