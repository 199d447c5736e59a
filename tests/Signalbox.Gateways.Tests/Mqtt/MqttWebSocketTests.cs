using System.Buffers;
using System.Text;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

public sealed class MqttWebSocketTests
{
    [Fact]
    public async Task MQTT_6_0_0_4_The_subprotocol_is_mqtt_and_without_it_there_is_no_WebSocket()
    {
        await using var port = await MqttPort.StartAsync();
        await using var with = await OpenAsync(port);
        await using var without = await OpenAsync(port);

        Assert.Contains("Sec-WebSocket-Protocol: mqtt\r\n", await ShakeAsync(with, "Sec-WebSocket-Protocol: other, mqtt"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400", await ShakeAsync(without), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MQTT_6_0_0_2_Packets_begin_and_end_anywhere_in_messages()
    {
        await using var port = await MqttPort.StartAsync();
        await using var client = await OpenAsync(port);
        await ShakeAsync(client, "Sec-WebSocket-Protocol: mqtt");
        byte[] packets = [.. Connect(), .. Subscribe("a", 1), .. Publish("a", "hello")];

        foreach (var one in packets) await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Binary, [one]));
        var got = await ReadAsync(client, packets: 3);
        await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Binary, [.. Publish("a", "1"), .. Publish("a", "2"), .. Publish("a", "3")]));
        var more = await ReadAsync(client, packets: 3);

        Assert.Equal([MqttPacketType.ConnAck, MqttPacketType.SubAck, MqttPacketType.Publish], got.Select(one => one.Type));
        Assert.Equal(["a=1 q0", "a=2 q0", "a=3 q0"], more.Select(one => one.Text));
    }

    [Fact]
    public async Task MQTT_6_0_0_1_Text_closes()
    {
        await using var port = await MqttPort.StartAsync();
        await using var client = await OpenAsync(port);
        await ShakeAsync(client, "Sec-WebSocket-Protocol: mqtt");

        await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Text, Connect()));

        Assert.Equal(1002, (await client.ReadCloseAsync("the close")).Code);
    }

    [Fact]
    public async Task Messages_pass_between_WebSocket_and_TCP_and_a_ping_is_answered()
    {
        await using var port = await MqttPort.StartAsync();
        await using var client = await OpenAsync(port);
        await ShakeAsync(client, "Sec-WebSocket-Protocol: mqtt");
        await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Binary, [.. Connect(), .. Subscribe("a", 2)]));
        await ReadAsync(client, packets: 2);
        var device = await port.ConnectAsync("device");

        await device.PublishAsync("a", "q0");
        await device.PublishAsync("a", "q1", qos: 1, id: 1);
        var got = await ReadAsync(client, packets: 2);
        await client.SendRawAsync(WebSocketDriver.Frame(WebSocketDriver.Ping, "are you there"u8));

        Assert.Equal(["a=q0 q0", "a=q1 q1"], got.Select(one => one.Text));
        var (first, payload) = await client.ReadFrameAsync("the pong");
        Assert.Equal((WebSocketDriver.Pong, "are you there"), (first, Encoding.UTF8.GetString(payload)));
    }

    private static Task<WebSocketDriver> OpenAsync(MqttPort port) => WebSocketDriver.OpenAsync(port.HttpEndPoint, "browser", null);

    private static async Task<string> ShakeAsync(WebSocketDriver client, params string[] headers)
    {
        var request = WebSocketDriver.Request(headers).Replace("GET /ws ", "GET /mqtt ", StringComparison.Ordinal);
        await client.SendRawAsync(Encoding.ASCII.GetBytes(request));
        return await client.ReadHeadAsync("the answer to the handshake");
    }

    private static async Task<List<MqttSeen>> ReadAsync(WebSocketDriver client, int packets)
    {
        var all = new List<MqttSeen>();
        byte[] rest = [];
        while (all.Count < packets)
        {
            var (first, payload) = await client.ReadFrameAsync("packets");
            Assert.Equal(WebSocketDriver.Binary, first);
            rest = [.. rest, .. payload];
            var buffer = new ReadOnlySequence<byte>(rest);
            while (MqttFrameCodec.TryRead(ref buffer, MqttVersion.V5, 1 << 20, out var frame, out _) == MqttFrameStatus.Complete)
            {
                all.Add(MqttSeen.Read(MqttVersion.V5, frame));
            }

            rest = buffer.ToArray();
        }

        return all;
    }

    private static byte[] Connect() =>
        Written(new MqttConnect { Version = MqttVersion.V5, CleanStart = true, ClientId = Bytes("browser") }.Write);

    private static byte[] Subscribe(string filter, int qos)
    {
        MqttTopicFilter.Read(MqttVersion.V5, Bytes(filter), out var read);
        return Written(output => MqttSubscribe.Write(
            output, MqttVersion.V5, 1, default, [new MqttSubscription { Filter = read, Qos = (MqttQos)qos }]));
    }

    private static byte[] Publish(string topic, string payload) =>
        Written(output => new MqttPublish { Topic = Bytes(topic), Payload = Bytes(payload) }.Write(output, MqttVersion.V5));

    private static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
