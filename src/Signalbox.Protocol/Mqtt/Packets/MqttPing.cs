using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>PINGREQ and PINGRESP, of which there is but one each (sections 3.12 and 3.13).</summary>
public static class MqttPing
{
    public static ReadOnlyMemory<byte> Request { get; } = new byte[] { (int)MqttPacketType.PingReq << 4, 0 };

    public static ReadOnlyMemory<byte> Response { get; } = new byte[] { (int)MqttPacketType.PingResp << 4, 0 };

    public static MqttError? Read(ReadOnlyMemory<byte> body) => body.IsEmpty ? null : MqttErrors.TrailingBytes;
}
