using System.Buffers;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Fuzz.BrokenPromiseException;

namespace Signalbox.Fuzz;

/// <summary>Packets of MQTT of any type.</summary>
public static class MqttPackets
{
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
        Unless(packet.Subscriptions.Count == subscriptions.Count, "as many subscriptions as are counted");
        MqttSubscribe.Write(output, version, packet.PacketId, packet.Properties, subscriptions.ToArray());
    }

    private static void Write(MqttUnsubscribe packet, MqttVersion version, IBufferWriter<byte> output)
    {
        List<MqttTopicFilter> filters = [];
        foreach (var filter in packet.Filters) filters.Add(filter);
        Unless(packet.Filters.Count == filters.Count, "as many filters as are counted");
        MqttUnsubscribe.Write(output, version, packet.PacketId, packet.Properties, filters.ToArray());
    }
}
