using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Connections;

/// <summary>MQTT: CONNECT is answered with "quota exceeded", before 5.0 with "server unavailable". Nothing comes before it.
/// </summary>
internal static class MqttRefusal
{
    public static async Task TellAsync(ConnectionContext connection, int maxPacketBytes)
    {
        if (await ReadVersionAsync(connection, maxPacketBytes) is not { } version) return;

        var reason = new MqttPropertyBuilder();
        if (version == MqttVersion.V5) reason.Add(MqttPropertyId.ReasonString, System.Text.Encoding.UTF8.GetBytes(SessionEnd.TooMany.Message));
        var packet = new JsonBuffer();
        new MqttConnAck { Reason = MqttReasonCode.QuotaExceeded, Properties = reason.Build() }.Write(packet, version);
        await connection.Transport.Output.WriteAsync(packet.WrittenMemory);
    }

    /// <returns>Null where it speaks no version of MQTT, or nothing at all.</returns>
    private static async Task<MqttVersion?> ReadVersionAsync(ConnectionContext connection, int maxPacketBytes)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync();
            var buffer = read.Buffer;
            try
            {
                var status = MqttFrameCodec.TryRead(ref buffer, MqttVersion.None, maxPacketBytes, out var frame, out _);
                if (status is MqttFrameStatus.Complete) return VersionOf(frame);
                if (status is MqttFrameStatus.Broken || read.IsCompleted) return null;
            }
            finally
            {
                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    private static MqttVersion? VersionOf(MqttFrame frame)
    {
        if (frame.Type != MqttPacketType.Connect) return null;

        // Whether the rest of it is right is nobody's concern here.
        _ = MqttConnect.Read(frame.Body.ToArray(), out var connect);
        return connect.Version == MqttVersion.None ? null : connect.Version;
    }
}
