using System.Buffers;
using System.Text;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>CONNECT: who comes, in which version, and what shall be left when it is gone (section 3.1).</summary>
public readonly struct MqttConnect
{
    private const int LongestOldClientId = 23;

    /// <summary>
    /// The version in which to answer, also where the packet is refused; none where the peer speaks something else
    /// altogether and is not answered.
    /// </summary>
    public MqttVersion Version { get; init; }

    /// <summary>Clean session before 5.0.</summary>
    public bool CleanStart { get; init; }

    public ushort KeepAliveSeconds { get; init; }

    public MqttProperties Properties { get; init; }

    /// <summary>Empty where the server shall make one.</summary>
    public ReadOnlyMemory<byte> ClientId { get; init; }

    public MqttWill? Will { get; init; }

    public ReadOnlyMemory<byte>? UserName { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }

    public static MqttError? Read(ReadOnlyMemory<byte> body, out MqttConnect packet)
    {
        packet = default;
        var reader = new MqttBodyReader(body);
        var version = MqttProtocolName.Read(ref reader, out var answerIn);
        if (reader.Error is null) packet = ReadRest(ref reader, version);

        // What was read is of use only if all of it was good; but the answer must be in words the client knows.
        var error = reader.Error is null ? reader.End() : reader.Error;
        if (error is not null) packet = new MqttConnect { Version = answerIn };
        return error;
    }

    public int SizeOf() => MqttPacketWriter.SizeOf(BodySize());

    public void Write(IBufferWriter<byte> output)
    {
        var writer = new MqttPacketWriter(output, MqttPacketType.Connect, BodySize());
        writer.String(MqttProtocolName.Of(Version));
        writer.Byte((byte)Version);
        writer.Byte((byte)Flags());
        writer.UInt16(KeepAliveSeconds);
        writer.Properties(Version, Properties);
        writer.String(ClientId.Span);
        Will?.Write(ref writer, Version);
        if (UserName is { } name) writer.String(name.Span);
        if (Password is { } password) writer.String(password.Span);
        writer.End();
    }

    private static MqttConnect ReadRest(ref MqttBodyReader reader, MqttVersion version)
    {
        var flags = new MqttConnectFlags(reader.Byte());
        reader.Fail(flags.Check(version));
        var keepAlive = reader.UInt16();
        var properties = reader.Properties(version, MqttPropertyPlaces.Connect);
        var hasMethod = properties.Has(MqttPropertyId.AuthenticationMethod);
        var hasData = properties.Has(MqttPropertyId.AuthenticationData);
        reader.FailIf(hasData && !hasMethod, MqttErrors.AuthenticationDataAlone);

        var clientId = reader.Text();
        if (reader.Error is null) reader.Fail(CheckClientId(version, clientId.Span, flags.CleanStart));
        MqttWill? will = flags.HasWill ? MqttWill.Read(ref reader, version, flags.WillQos, flags.WillRetain) : null;

        // In 3.1 the length of the packet says more than these flags: what is not there was not meant.
        var mayLack = version == MqttVersion.V31;
        ReadOnlyMemory<byte>? userName = null, password = null;
        if (flags.HasUserName && (reader.HasMore || !mayLack)) userName = reader.Text();
        if (flags.HasPassword && (reader.HasMore || !mayLack)) password = reader.Binary();

        return new MqttConnect
        {
            Version = version,
            CleanStart = flags.CleanStart,
            KeepAliveSeconds = keepAlive,
            Properties = properties,
            ClientId = clientId,
            Will = will,
            UserName = userName,
            Password = password,
        };
    }

    private static MqttError? CheckClientId(MqttVersion version, ReadOnlySpan<byte> clientId, bool cleanStart)
    {
        switch (version)
        {
            case MqttVersion.V31:
                var isGood = !clientId.IsEmpty && Encoding.UTF8.GetCharCount(clientId) <= LongestOldClientId;
                return isGood ? null : MqttErrors.ClientIdLength;

            case MqttVersion.V311:
                return clientId.IsEmpty && !cleanStart ? MqttErrors.ClientIdEmpty : null;

            default:
                return null;
        }
    }

    private MqttConnectFlags Flags() =>
        MqttConnectFlags.Of(CleanStart, Will?.Qos, Will?.Retain ?? false, UserName is not null, Password is not null);

    private int BodySize() =>
        sizeof(ushort) + MqttProtocolName.Of(Version).Length + sizeof(byte) + sizeof(byte) + sizeof(ushort)
        + MqttPacketWriter.SizeOfProperties(Version, Properties.Bytes.Length)
        + MqttPacketWriter.SizeOfString(ClientId)
        + (Will?.SizeOf(Version) ?? 0)
        + (UserName is { } name ? MqttPacketWriter.SizeOfString(name) : 0)
        + (Password is { } password ? MqttPacketWriter.SizeOfString(password) : 0);
}
