using Signalbox.Protocol.Mqtt;

namespace Signalbox.Protocol.Tests.Mqtt;

/// <summary>
/// Every type of packet as it is on the wire. Topics, identifiers, flags and keep alive are those of the examples
/// in the standards' text: a/b with packet identifier 10, connect flags CE with a keep alive of 10, and so on.
/// </summary>
internal static class MqttGoldenPackets
{
    private const MqttVersion V31 = MqttVersion.V31;
    private const MqttVersion V311 = MqttVersion.V311;
    private const MqttVersion V5 = MqttVersion.V5;
    private const MqttSender Client = MqttSender.Client;
    private const MqttSender Server = MqttSender.Server;

    public static readonly (string Name, MqttVersion Version, MqttSender Sender, string Bytes)[] All =
    [
        ("CONNECT", V31, Client,
            "10 1F 00 06 'MQIsdp' 03 CE 00 0A 00 01 'c' 00 03 'w/t' 00 03 'bye' 00 01 'u' 00 01 'p'"),
        ("CONNECT, short", V31, Client, "10 0F 00 06 'MQIsdp' 03 02 00 0A 00 01 'c'"),
        ("CONNECT", V311, Client,
            "10 1D 00 04 'MQTT' 04 CE 00 0A 00 01 'c' 00 03 'w/t' 00 03 'bye' 00 01 'u' 00 01 'p'"),
        ("CONNECT, short", V311, Client, "10 0C 00 04 'MQTT' 04 02 00 0A 00 00"),
        ("CONNECT", V5, Client,
            "10 24 00 04 'MQTT' 05 CE 00 0A 05 11 00 00 00 0A 00 01 'c' "
            + "00 00 03 'w/t' 00 03 'bye' 00 01 'u' 00 01 'p'"),
        ("CONNECT, short", V5, Client, "10 0D 00 04 'MQTT' 05 02 00 0A 00 00 00"),
        ("CONNECT, all of it", V5, Client,
            "10 59 00 04 'MQTT' 05 74 00 0A 21 11 00 00 00 0A 21 00 14 27 00 00 10 00 22 00 0A 19 01 17 00 "
            + "15 00 01 'm' 16 00 01 FF 26 00 00 00 00 00 01 'c' "
            + "1F 18 00 00 00 05 01 01 02 00 00 00 3C 03 00 01 't' 08 00 01 'r' 09 00 01 00 26 00 01 'n' 00 01 'v' "
            + "00 03 'w/t' 00 00 00 01 'p'"),

        ("CONNACK", V31, Server, "20 02 00 00"),
        ("CONNACK, refused", V31, Server, "20 02 00 02"),
        ("CONNACK", V311, Server, "20 02 01 00"),
        ("CONNACK, refused", V311, Server, "20 02 00 05"),
        ("CONNACK", V5, Server, "20 03 01 00 00"),
        ("CONNACK, refused", V5, Server, "20 0C 00 87 09 1F 00 06 'not so'"),
        ("CONNACK, all of it", V5, Server,
            "20 41 00 00 3E 11 00 00 00 0A 21 00 14 24 01 25 01 27 00 00 10 00 12 00 02 'id' 22 00 0A "
            + "1F 00 02 'ok' 26 00 01 'n' 00 01 'v' 28 01 29 01 2A 01 13 00 0A 1A 00 01 'i' 1C 00 01 's' "
            + "15 00 01 'm' 16 00 01 FF"),

        ("PUBLISH, QoS 0", V31, Client, "30 07 00 03 'a/b' 'hi'"),
        ("PUBLISH, QoS 1", V311, Client, "32 09 00 03 'a/b' 00 0A 'hi'"),
        ("PUBLISH, QoS 2 again", V311, Client, "3D 07 00 03 'a/b' 00 0A"),
        ("PUBLISH, QoS 1", V5, Client, "32 08 00 03 'a/b' 00 0A 00"),
        ("PUBLISH, alias", V5, Client, "30 08 00 00 03 23 00 01 'hi'"),
        ("PUBLISH, all of it", V5, Server,
            "3B 2C 00 03 'a/b' 00 0A 22 01 01 02 00 00 00 3C 23 00 01 08 00 01 'r' 09 00 01 FF "
            + "26 00 01 'n' 00 01 'v' 0B 01 0B AC 02 03 00 01 't' 'hi'"),

        ("PUBACK", V31, Client, "40 02 00 0A"),
        ("PUBACK", V311, Client, "40 02 00 0A"),
        ("PUBACK", V5, Client, "40 02 00 0A"),
        ("PUBACK, nobody", V5, Server, "40 03 00 0A 10"),
        ("PUBACK, failed", V5, Server, "40 08 00 0A 97 04 1F 00 01 '!'"),
        ("PUBREC", V311, Server, "50 02 00 0A"),
        ("PUBREC, failed", V5, Server, "50 0B 00 0A 87 07 26 00 01 'n' 00 01 'v'"),
        ("PUBREL", V311, Client, "62 02 00 0A"),
        ("PUBREL, unknown", V5, Client, "62 03 00 0A 92"),
        ("PUBCOMP", V311, Server, "70 02 00 0A"),
        ("PUBCOMP, unknown", V5, Server, "70 08 00 0A 92 04 1F 00 01 '!'"),

        ("SUBSCRIBE", V31, Client, "82 0E 00 0A 00 03 'a/b' 01 00 03 'c/d' 02"),
        ("SUBSCRIBE", V311, Client, "82 0E 00 0A 00 03 'a/b' 01 00 03 'c/d' 02"),
        ("SUBSCRIBE", V5, Client, "82 0F 00 0A 00 00 03 'a/b' 01 00 03 'c/d' 02"),
        ("SUBSCRIBE, all of it", V5, Client,
            "82 21 00 0A 09 0B 01 26 00 01 'n' 00 01 'v' 00 03 'a/b' 2D 00 0C '$share/g/+/#' 1A"),
        ("SUBACK", V311, Server, "90 05 00 0A 00 02 80"),
        ("SUBACK", V5, Server, "90 06 00 0A 00 00 02 8F"),
        ("SUBACK, explained", V5, Server, "90 08 00 0A 04 1F 00 01 '!' 87"),

        ("UNSUBSCRIBE", V31, Client, "A2 0C 00 0A 00 03 'a/b' 00 03 'c/d'"),
        ("UNSUBSCRIBE", V311, Client, "A2 0C 00 0A 00 03 'a/b' 00 03 'c/d'"),
        ("UNSUBSCRIBE", V5, Client, "A2 0D 00 0A 00 00 03 'a/b' 00 03 'c/d'"),
        ("UNSUBSCRIBE, explained", V5, Client, "A2 0F 00 0A 07 26 00 01 'n' 00 01 'v' 00 03 'a/b'"),
        ("UNSUBACK", V311, Server, "B0 02 00 0A"),
        ("UNSUBACK", V5, Server, "B0 05 00 0A 00 00 11"),

        ("PINGREQ", V311, Client, "C0 00"),
        ("PINGRESP", V5, Server, "D0 00"),
        ("DISCONNECT", V31, Client, "E0 00"),
        ("DISCONNECT", V311, Client, "E0 00"),
        ("DISCONNECT", V5, Client, "E0 00"),
        ("DISCONNECT, with the will", V5, Client, "E0 01 04"),
        ("DISCONNECT, expiry", V5, Client, "E0 07 00 05 11 00 00 00 78"),
        ("DISCONNECT, moved", V5, Server, "E0 09 9D 07 1C 00 04 'else'"),
        ("AUTH", V5, Client, "F0 0E 18 0C 15 00 05 'SCRAM' 16 00 01 FF"),
        ("AUTH, done", V5, Server, "F0 00"),
        ("AUTH, again", V5, Client, "F0 0E 19 0C 15 00 01 'm' 1F 00 05 'again'"),
    ];

    public static IEnumerable<byte[]> Packets => All.Select(packet => MqttDriver.Bytes(packet.Bytes));
}
