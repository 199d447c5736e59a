using System.Buffers;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>AUTH: a step of an authentication that has many (section 3.15). Only in 5.0.</summary>
public readonly struct MqttAuth
{
    public MqttReasonCode Reason { get; init; }

    public MqttProperties Properties { get; init; }

    /// <remarks>The standard always wants a method, and yet lets a server's mere success be an empty packet.</remarks>
    public static MqttError? Read(MqttSender sender, ReadOnlyMemory<byte> body, out MqttAuth packet)
    {
        var reader = new MqttBodyReader(body);
        var reason = MqttReasonCode.Success;
        MqttProperties properties = default;
        if (reader.HasMore)
        {
            reason = (MqttReasonCode)reader.Byte();
            properties = reader.Properties(MqttVersion.V5, MqttPropertyPlaces.Auth);
            var hasMethod = properties.Has(MqttPropertyId.AuthenticationMethod);
            reader.FailIf(!hasMethod, MqttErrors.AuthenticationMethodMissing);
        }

        reader.FailIf(!reason.IsAllowedIn(MqttPacketType.Auth, sender), MqttErrors.ReasonNotAllowed);
        packet = new MqttAuth { Reason = reason, Properties = properties };
        return reader.End();
    }

    public int SizeOf() => MqttPacketWriter.SizeOf(BodySize());

    public void Write(IBufferWriter<byte> output)
    {
        var body = BodySize();
        var writer = new MqttPacketWriter(output, MqttPacketType.Auth, body);
        if (body > 0)
        {
            writer.Byte((byte)Reason);
            writer.Properties(MqttVersion.V5, Properties);
        }

        writer.End();
    }

    private int BodySize() => Reason == MqttReasonCode.Success && Properties.IsEmpty
        ? 0
        : 1 + MqttPacketWriter.SizeOfProperties(MqttVersion.V5, Properties.Bytes.Length);
}
