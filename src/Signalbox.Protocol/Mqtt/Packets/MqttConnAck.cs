using System.Buffers;
using System.Diagnostics;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>CONNACK: welcome, or not (section 3.2).</summary>
public readonly struct MqttConnAck
{
    private const byte SessionFlag = 1;
    private const int ShortBody = 2;

    /// <summary>There is a session from before. 3.1 cannot say so.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>In the words of 5.0. Before, only what <see cref="MqttReasonCodes.ReturnCodeOf"/> knows.</summary>
    public MqttReasonCode Reason { get; init; }

    public MqttProperties Properties { get; init; }

    public static MqttError? Read(MqttVersion version, ReadOnlyMemory<byte> body, out MqttConnAck packet)
    {
        var reader = new MqttBodyReader(body);
        var flags = reader.Byte();

        // In 3.1 the byte is unused.
        if (version == MqttVersion.V31) flags = 0;
        reader.FailIf((flags & ~SessionFlag) != 0, MqttErrors.ConnAckFlags);

        var code = reader.Byte();
        var reason = version == MqttVersion.V5 ? (MqttReasonCode)code : MqttReasonCodes.OfReturnCode(code);
        var isAllowed = reason?.IsAllowedIn(MqttPacketType.ConnAck, MqttSender.Server) ?? false;
        reader.FailIf(!isAllowed, MqttErrors.ReasonNotAllowed);
        reader.FailIf(flags != 0 && code != 0, MqttErrors.SessionPresentInRefusal);
        packet = new MqttConnAck
        {
            SessionPresent = flags != 0,
            Reason = reason ?? MqttReasonCode.UnspecifiedError,
            Properties = reader.Properties(version, MqttPropertyPlaces.ConnAck),
        };
        return reader.End();
    }

    public int SizeOf(MqttVersion version) => MqttPacketWriter.SizeOf(BodySize(version));

    public void Write(IBufferWriter<byte> output, MqttVersion version)
    {
        var code = version == MqttVersion.V5 ? (byte)Reason : MqttReasonCodes.ReturnCodeOf(Reason);
        Debug.Assert(code is not null, "Before 5.0 there is no such return code: the connection is closed instead.");
        Debug.Assert(!SessionPresent || Reason == MqttReasonCode.Success, "Who is refused has no session.");

        var writer = new MqttPacketWriter(output, MqttPacketType.ConnAck, BodySize(version));
        writer.Byte(SessionPresent && version != MqttVersion.V31 ? SessionFlag : (byte)0);
        writer.Byte(code ?? (byte)MqttReasonCode.UnspecifiedError);
        writer.Properties(version, Properties);
        writer.End();
    }

    private int BodySize(MqttVersion version) =>
        ShortBody + MqttPacketWriter.SizeOfProperties(version, Properties.Bytes.Length);
}
