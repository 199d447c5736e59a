using System.Buffers;
using System.Text;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>A packet that a client got, in words.</summary>
internal sealed record MqttSeen(MqttPacketType Type, MqttReasonCode Reason, ushort PacketId, MqttProperties Properties, string Text)
{
    public byte[] Reasons { get; init; } = [];

    public bool SessionPresent { get; init; }

    public MqttPublish Publish { get; init; }

    public static MqttSeen Read(MqttVersion version, MqttFrame frame)
    {
        var body = frame.Body.ToArray();
        MqttError? error;
        MqttSeen seen;
        switch (frame.Type)
        {
            case MqttPacketType.ConnAck:
                error = MqttConnAck.Read(version, body, out var connected);
                seen = new(frame.Type, connected.Reason, 0, connected.Properties, "") { SessionPresent = connected.SessionPresent };
                break;

            case MqttPacketType.Publish:
                error = MqttPublish.Read(version, MqttSender.Server, frame.Flags, body, out var publish);
                seen = new(frame.Type, default, publish.PacketId, publish.Properties, TextOf(publish)) { Publish = publish };
                break;

            case MqttPacketType.SubAck:
                error = MqttSubAck.Read(version, body, out var subscribed);
                seen = new(frame.Type, default, subscribed.PacketId, subscribed.Properties, "") { Reasons = subscribed.Reasons.ToArray() };
                break;

            case MqttPacketType.UnsubAck:
                error = MqttUnsubAck.Read(version, body, out var left);
                seen = new(frame.Type, default, left.PacketId, left.Properties, "") { Reasons = left.Reasons.ToArray() };
                break;

            case MqttPacketType.PingResp:
                error = MqttPing.Read(body);
                seen = new(frame.Type, default, 0, default, "");
                break;

            case MqttPacketType.Disconnect:
                error = MqttDisconnect.Read(version, MqttSender.Server, body, out var end);
                seen = new(frame.Type, end.Reason, 0, end.Properties, "");
                break;

            default:
                error = MqttAck.Read(version, frame.Type, body, out var ack);
                seen = new(frame.Type, ack.Reason, ack.PacketId, ack.Properties, "");
                break;
        }

        return error is null ? seen : throw new InvalidDataException($"The server sent a wrong {frame.Type}: {error}");
    }

    public string? TextOf(MqttPropertyId id) => Properties.BytesOf(id) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    public List<string> UserProperties()
    {
        var all = new List<string>();
        foreach (var property in Properties)
        {
            if (property.Id != MqttPropertyId.UserProperty) continue;
            all.Add($"{Encoding.UTF8.GetString(property.Name.Span)}={Encoding.UTF8.GetString(property.Value.Span)}");
        }

        return all;
    }

    public List<uint> Identifiers()
    {
        var all = new List<uint>();
        foreach (var property in Properties)
        {
            if (property.Id == MqttPropertyId.SubscriptionIdentifier) all.Add(property.Number);
        }

        return all;
    }

    public override string ToString() =>
        Type == MqttPacketType.Publish ? Text : $"{Type} {PacketId} {(byte)Reason:X2}{(Reasons.Length > 0 ? " " + Convert.ToHexString(Reasons) : "")}";

    private static string TextOf(in MqttPublish packet) =>
        $"{Encoding.UTF8.GetString(packet.Topic.Span)}={Encoding.UTF8.GetString(packet.Payload.Span)} q{(int)packet.Qos}"
        + (packet.Retain ? " retained" : "") + (packet.IsDuplicate ? " again" : "");
}
