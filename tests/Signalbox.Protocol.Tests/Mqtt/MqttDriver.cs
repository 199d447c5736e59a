using System.Buffers;
using System.Globalization;
using System.Text;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
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

    /// <summary>Reads one packet as its type says, and writes what was read.</summary>
    public static MqttError? Rewrite(
        MqttVersion version,
        MqttSender sender,
        MqttPacketType type,
        byte flags,
        ReadOnlyMemory<byte> body,
        IBufferWriter<byte>? output)
    {
        MqttError? error;
        switch (type)
        {
            case MqttPacketType.Connect:
                error = MqttConnect.Read(body, out var connect);
                if (error is null && output is not null) connect.Write(output);
                return error;

            case MqttPacketType.ConnAck:
                error = MqttConnAck.Read(version, body, out var connAck);
                if (error is null && output is not null) connAck.Write(output, version);
                return error;

            case MqttPacketType.Publish:
                error = MqttPublish.Read(version, sender, flags, body, out var publish);
                if (error is null && output is not null) publish.Write(output, version);
                return error;

            case MqttPacketType.Subscribe:
                error = MqttSubscribe.Read(version, body, out var subscribe);
                if (error is null && output is not null) Write(subscribe, version, output);
                return error;

            case MqttPacketType.SubAck:
                error = MqttSubAck.Read(version, body, out var subAck);
                if (error is null && output is not null) subAck.Write(output, version);
                return error;

            case MqttPacketType.Unsubscribe:
                error = MqttUnsubscribe.Read(version, body, out var unsubscribe);
                if (error is null && output is not null) Write(unsubscribe, version, output);
                return error;

            default:
                return RewriteShort(version, sender, type, body, output);
        }
    }

    private static MqttError? RewriteShort(
        MqttVersion version,
        MqttSender sender,
        MqttPacketType type,
        ReadOnlyMemory<byte> body,
        IBufferWriter<byte>? output)
    {
        MqttError? error;
        switch (type)
        {
            case MqttPacketType.UnsubAck:
                error = MqttUnsubAck.Read(version, body, out var unsubAck);
                if (error is null && output is not null) unsubAck.Write(output, version);
                return error;

            case MqttPacketType.PingReq or MqttPacketType.PingResp:
                error = MqttPing.Read(body);
                var ping = type == MqttPacketType.PingReq ? MqttPing.Request : MqttPing.Response;
                if (error is null && output is not null) output.Write(ping.Span);
                return error;

            case MqttPacketType.Disconnect:
                error = MqttDisconnect.Read(version, sender, body, out var disconnect);
                if (error is null && output is not null) disconnect.Write(output, version);
                return error;

            case MqttPacketType.Auth:
                error = MqttAuth.Read(sender, body, out var auth);
                if (error is null && output is not null) auth.Write(output);
                return error;

            default:
                error = MqttAck.Read(version, type, body, out var ack);
                if (error is null && output is not null) ack.Write(output, version);
                return error;
        }
    }

    private static void Write(MqttSubscribe packet, MqttVersion version, IBufferWriter<byte> output)
    {
        List<MqttSubscription> subscriptions = [];
        foreach (var subscription in packet.Subscriptions) subscriptions.Add(subscription);
        Assert.Equal(packet.Subscriptions.Count, subscriptions.Count);
        MqttSubscribe.Write(output, version, packet.PacketId, packet.Properties, subscriptions.ToArray());
    }

    private static void Write(MqttUnsubscribe packet, MqttVersion version, IBufferWriter<byte> output)
    {
        List<MqttTopicFilter> filters = [];
        foreach (var filter in packet.Filters) filters.Add(filter);
        Assert.Equal(packet.Filters.Count, filters.Count);
        MqttUnsubscribe.Write(output, version, packet.PacketId, packet.Properties, filters.ToArray());
    }

    private static IEnumerable<byte> Hex(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => byte.Parse(one, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
