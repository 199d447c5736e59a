using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Protocol.Mqtt.Packets;

/// <summary>
/// The byte of CONNECT that says what else is in it (section 3.1.2.3).
/// <code>
///     7           6          5             4  3       2      1             0
///  +-----------+----------+-------------+----------+------+-------------+----------+
///  | user name | password | will retain | will QoS | will | clean start | reserved |
///  +-----------+----------+-------------+----------+------+-------------+----------+
/// </code>
/// </summary>
internal readonly record struct MqttConnectFlags(byte Value)
{
    private const int Reserved = 1 << 0;
    private const int Clean = 1 << 1;
    private const int Will = 1 << 2;
    private const int QosShift = 3;
    private const int Qos = 0b11 << QosShift;
    private const int Retain = 1 << 5;
    private const int Password = 1 << 6;
    private const int UserName = 1 << 7;

    public bool CleanStart => (Value & Clean) != 0;

    public bool HasWill => (Value & Will) != 0;

    public MqttQos WillQos => (MqttQos)((Value & Qos) >> QosShift);

    public bool WillRetain => (Value & Retain) != 0;

    public bool HasPassword => (Value & Password) != 0;

    public bool HasUserName => (Value & UserName) != 0;

    public static MqttConnectFlags Of(
        bool cleanStart, MqttQos? willQos, bool willRetain, bool hasUserName, bool hasPassword)
    {
        var value = willQos is { } qos ? Will | ((int)qos << QosShift) : 0;
        if (cleanStart) value |= Clean;
        if (willRetain) value |= Retain;
        if (hasUserName) value |= UserName;
        if (hasPassword) value |= Password;
        return new MqttConnectFlags((byte)value);
    }

    public static explicit operator byte(MqttConnectFlags flags) => flags.Value;

    public MqttError? Check(MqttVersion version)
    {
        // 3.1 calls the reserved flag unused, and looks at the will's other flags only where there is a will.
        var isOldest = version == MqttVersion.V31;
        if ((Value & Reserved) != 0 && !isOldest) return MqttErrors.ConnectFlagReserved;

        var isWillGood = HasWill ? WillQos <= MqttQos.ExactlyOnce : isOldest || (Value & (Qos | Retain)) == 0;
        if (!isWillGood) return MqttErrors.WillFlags;

        return HasPassword && !HasUserName && version != MqttVersion.V5 ? MqttErrors.PasswordAlone : null;
    }
}
