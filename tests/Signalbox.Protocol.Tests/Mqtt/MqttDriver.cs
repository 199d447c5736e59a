using System.Buffers;
using System.Globalization;
using System.Text;
using Signalbox.Fuzz;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Tests.Mqtt;

/// <summary>Packets as the standard prints them, and what becomes of them.</summary>
internal static class MqttDriver
{
    public const int Limit = 1 << 20;

    /// <summary>Bytes in hexadecimal, with text between apostrophes: <c>00 03 'a/b' 0A</c>.</summary>
    public static byte[] Bytes(string text)
    {
        List<byte> bytes = [];
        foreach (var (i, part) in text.Split('\'').Index())
        {
            var isText = i % 2 == 1;
            if (isText) bytes.AddRange(Encoding.UTF8.GetBytes(part));
            else bytes.AddRange(Hex(part));
        }

        return [.. bytes];
    }

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>The whole packet of such a first byte and body.</summary>
    public static byte[] Packet(byte first, string body)
    {
        var bytes = Bytes(body);
        var length = new byte[MqttVarInt.MaxBytes];
        var size = MqttVarInt.Write(length, (uint)bytes.Length);
        return [first, .. length[..size], .. bytes];
    }

    /// <summary>Takes one packet off the front.</summary>
    public static MqttFrameStatus Cut(MqttVersion version, byte[] bytes, out MqttFrame frame, out MqttError? error)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        return MqttFrameCodec.TryRead(ref buffer, version, Limit, out frame, out error);
    }

    /// <summary>What is wrong with a whole packet, be it in its header or in its body.</summary>
    public static MqttError? ErrorOf(MqttVersion version, byte[] packet, MqttSender sender = MqttSender.Client)
    {
        if (Cut(version, packet, out var frame, out var error) == MqttFrameStatus.Broken) return error;

        return Rewrite(version, sender, frame.Type, frame.Flags, frame.Body.ToArray(), output: null);
    }

    /// <inheritdoc cref="MqttPackets.Rewrite"/>
    public static MqttError? Rewrite(
        MqttVersion version,
        MqttSender sender,
        MqttPacketType type,
        byte flags,
        ReadOnlyMemory<byte> body,
        IBufferWriter<byte>? output) =>
        MqttPackets.Rewrite(version, sender, type, flags, body, output);

    private static IEnumerable<byte> Hex(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => byte.Parse(one, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
