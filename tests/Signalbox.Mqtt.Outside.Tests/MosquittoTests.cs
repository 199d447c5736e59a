using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Signalbox.Mqtt.Outside.Tests.Outside;
using static Signalbox.Mqtt.Outside.Tests.Outside.Mosquitto;

namespace Signalbox.Mqtt.Outside.Tests;

/// <summary>mosquitto_pub and mosquitto_sub, among themselves and with those who speak something else.</summary>
public sealed class MosquittoTests(MqttServer server)
{
    private const string V3 = "mqttv311";
    private const string V5 = "mqttv5";
    private const int Count = 30;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(V3)]
    [InlineData(V5)]
    public async Task What_it_publishes_all_protocols_see_with_the_same_offsets_and_in_the_same_order(string version)
    {
        var topic = $"seen/{version}";
        await using var client = server.NewClient();
        await using var byTcp = await client.SubscribeAsync(topic, cancellationToken: Cancelled);
        using var byWebSocket = await OpenWebSocketAsync(topic);
        await using var byMqtt = await SubscribeAsync(server.MqttPort, V5, "seen/+", 1);
        string[] expected = [.. Enumerable.Range(1, Count).Select(n => $"{n} word {n}")];

        await PublishAllAsync(server.MqttPort, version, topic, 1, expected.Select(text => text[(text.IndexOf(' ') + 1)..]));

        Assert.Equal(expected, await byTcp.Take(Count).Select(message => $"{message.Offset} {message.Text}").ToListAsync(Cancelled));
        Assert.Equal(expected, await ReadWebSocketAsync(byWebSocket, Count));
        Assert.Equal(expected, await ReadHistoryAsync(topic));
        Assert.Equal(expected.Select(text => text[(text.IndexOf(' ') + 1)..]), (await byMqtt.ReadAsync(Count)).Select(heard => heard.Payload));
    }

    [Theory]
    [InlineData(V3)]
    [InlineData(V5)]
    public async Task It_sees_what_others_publish_in_the_order_of_the_channel(string version)
    {
        var topic = $"others/{version}";
        await using var reader = await SubscribeAsync(server.MqttPort, version, topic, 1);
        await using var client = server.NewClient();

        for (var i = 0; i < Count; i++)
        {
            if (i % 2 == 0) await client.PublishAsync(topic, $"{i}", cancellationToken: Cancelled);
            else await PostAsync(topic, $"{i}");
        }

        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => $"{topic}={i} q1"), (await reader.ReadAsync(Count)).Select(heard => $"{heard}"));
    }

    [Theory]
    [InlineData(V3)]
    [InlineData(V5)]
    public async Task At_every_QoS_its_messages_arrive_at_that(string version)
    {
        var topic = $"qos/{version}";
        await using var reader = await SubscribeAsync(server.MqttPort, version, topic, 2);

        for (var qos = 0; qos <= 2; qos++)
        {
            // Each is a connection of its own, and nobody says when what came at QoS 0 was read: the reader does.
            await PublishAsync(server.MqttPort, version, topic, qos, $"{qos}");
            var heard = await reader.ReadAsync(qos + 1);
            Assert.Equal($"{topic}={qos} q{qos}", $"{heard[qos]}");
        }
    }

    [Fact]
    public async Task Its_retained_message_is_the_channels_value_and_its_properties_are_headers()
    {
        await PublishAsync(server.MqttPort, V5, "retained", 1, "21.5", "-r", "-D", "PUBLISH", "user-property", "unit", "C");

        await using var client = server.NewClient();
        await using var messages = await client.SubscribeAsync("retained", cancellationToken: Cancelled);
        var value = await messages.FirstAsync(Cancelled);
        await using var reader = await SubscribeAsync(server.MqttPort, V5, "retained", 1);
        var heard = (await reader.ReadAsync(1)).Single();

        Assert.Equal(("21.5", true, "C"), (value.Text, value.IsRetained, value.Headers.Single(header => header.Key == "unit").Value));
        Assert.Equal(("retained=21.5 q1 retained", "C"), ($"{heard}", heard.User("unit")));
    }

    [Theory]
    [InlineData(V3)]
    [InlineData(V5)]
    public async Task The_will_of_one_that_is_killed_is_published(string version)
    {
        var topic = $"will/{version}";
        await using var reader = await SubscribeAsync(server.MqttPort, version, topic, 1);
        var mortal = await SubscribeAsync(
            server.MqttPort, version, "something", 0, "--will-topic", topic, "--will-payload", "gone", "--will-qos", "1");

        await mortal.DropAsync();

        Assert.Equal($"{topic}=gone q1", $"{(await reader.ReadAsync(1)).Single()}");
    }

    [Theory]
    [InlineData(V3)]
    [InlineData(V5)]
    public async Task Who_is_killed_and_comes_back_to_its_session_misses_nothing(string version)
    {
        var topic = $"session/{version}";
        string[] session = version == V5 ? ["-c", "-i", topic, "-x", "60"] : ["-c", "-i", topic];
        var first = await SubscribeAsync(server.MqttPort, version, topic, 2, session);
        await first.DropAsync();

        for (var qos = 1; qos <= 2; qos++) await PublishAsync(server.MqttPort, version, topic, qos, $"{qos}");
        await using var again = await SubscribeAsync(server.MqttPort, version, topic + "/nothing", 2, session);

        Assert.Equal(["1", "2"], (await again.ReadAsync(2)).Select(heard => heard.Payload));
    }

    [Fact]
    public async Task Two_that_share_a_subscription_share_its_messages()
    {
        await using var one = await SubscribeAsync(server.MqttPort, V5, "$share/workers/jobs", 1);
        await using var other = await SubscribeAsync(server.MqttPort, V5, "$share/workers/jobs", 1);

        await PublishAllAsync(server.MqttPort, V5, "jobs", 1, Enumerable.Range(0, Count).Select(i => $"{i}"));

        var both = await Task.WhenAll(one.ReadAsync(Count / 2), other.ReadAsync(Count / 2));
        Assert.Equal(Enumerable.Range(0, Count), both.SelectMany(all => all).Select(heard => int.Parse(heard.Payload, null)).Order());
    }

    [Fact]
    public async Task Its_password_is_a_token()
    {
        string[] identity = ["-u", "device", "-P", MqttServer.Token()];
        await using var reader = await SubscribeAsync(server.GuardedPort, V5, "mine/mosquitto", 1, identity);

        await PublishAsync(server.GuardedPort, V5, "mine/mosquitto", 1, "not in", "-u", "device", "-P", "no token");
        await PublishAsync(server.GuardedPort, V5, "mine/mosquitto", 1, "in", identity);

        Assert.Equal("in", (await reader.ReadAsync(1)).Single().Payload);
    }

    private async Task PostAsync(string channel, string value)
    {
        using var body = new StringContent(value, Encoding.UTF8, new MediaTypeHeaderValue("text/plain"));
        using var answer = await server.Http.PostAsync(Channel(channel), body, Cancelled);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<List<string>> ReadHistoryAsync(string channel)
    {
        using var document = JsonDocument.Parse(await server.Http.GetStringAsync(Channel(channel), Cancelled));
        return [.. document.RootElement.GetProperty("value").EnumerateArray().Select(TextOf)];
    }

    private Uri Channel(string name) => new($"http://127.0.0.1:{server.HttpPort}/channels/{name}");

    private async Task<ClientWebSocket> OpenWebSocketAsync(string channel)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.HttpPort}/ws"), Cancelled);
        var command = JsonSerializer.SerializeToUtf8Bytes(new { command = "subscribe", key = channel, seq = 1 });
        await socket.SendAsync(command, WebSocketMessageType.Text, endOfMessage: true, Cancelled);
        await ReadObjectAsync(socket);
        return socket;
    }

    private static async Task<List<string>> ReadWebSocketAsync(ClientWebSocket socket, int count)
    {
        var texts = new List<string>();
        while (texts.Count < count) texts.Add(TextOf(await ReadObjectAsync(socket)));
        return texts;
    }

    private static async Task<JsonElement> ReadObjectAsync(ClientWebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        ValueWebSocketReceiveResult read;
        do
        {
            read = await socket.ReceiveAsync(buffer.AsMemory(length), Cancelled);
            length += read.Count;
        }
        while (!read.EndOfMessage);

        using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
        return document.RootElement.Clone();
    }

    private static string TextOf(JsonElement message) =>
        $"{message.GetProperty("offset").GetInt64()} {message.GetProperty("value").GetString()}";
}
