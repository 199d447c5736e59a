using System.Text.Json;
using Signalbox.Gateways.Tests.Hooks;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>What a backend says counts over MQTT as it does everywhere.</summary>
public sealed class MqttHookTests
{
    private const string No = """{"allow":false,"reason":"not today"}""";

    [Fact]
    public async Task Who_may_not_connect_is_told_why_and_closed()
    {
        await using var backend = await HookServer.StartAsync(No);
        await using var port = await MqttPort.StartAsync(plan => plan.Hooks.Connect = backend.Url);
        var client = await port.OpenAsync();

        var connect = new MqttConnect { Version = MqttVersion.V5, CleanStart = true, ClientId = Bytes("a") };
        var answer = await client.AskAsync(connect.Write);

        Assert.Equal((MqttReasonCode.NotAuthorized, "not today"), (answer.Reason, answer.TextOf(MqttPropertyId.ReasonString)));
        await client.ReadEndAsync("the end");
        var question = await backend.AskedAsync();
        Assert.Equal(("connect", "mqtt"), (question.Field("hook"), question.Field("protocol")));
    }

    [Fact]
    public async Task Who_may_connect_may_be_somebody_else_with_other_rights()
    {
        await using var backend = await HookServer.StartAsync(
            """{"allow":true,"user":"ann","rights":{"publish":["mine"],"subscribe":["mine"]}}""");
        await using var port = await MqttPort.StartAsync(plan => plan.Hooks.Connect = backend.Url);
        var client = await port.ConnectAsync("a");

        Assert.Equal(MqttReasonCode.Success, await client.SubscribeAsync("mine"));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.SubscribeAsync("yours"));
    }

    [Theory]
    [InlineData(MqttVersion.V311, MqttReasonCode.UnspecifiedError, null)]
    [InlineData(MqttVersion.V5, MqttReasonCode.NotAuthorized, "not today")]
    public async Task Who_may_not_subscribe_is_told_why(MqttVersion version, MqttReasonCode reason, string? sentence)
    {
        await using var backend = await HookServer.StartAsync(No);
        await using var port = await MqttPort.StartAsync(plan => plan.Hooks.Subscribe = backend.Url);
        var client = await port.ConnectAsync("a", version);
        MqttTopicFilter.Read(version, Bytes("news"), out var filter);

        var answer = await client.AskAsync(
            output => MqttSubscribe.Write(output, version, 1, default, [new MqttSubscription { Filter = filter }]));

        Assert.Equal((byte)reason, answer.Reasons.Single());
        Assert.Equal(sentence, answer.TextOf(MqttPropertyId.ReasonString));
        Assert.Equal("news", (await backend.AskedAsync()).Field("channel"));
    }

    [Fact]
    public async Task Who_may_not_publish_is_told_why_and_nobody_hears_it()
    {
        await using var backend = await HookServer.StartAsync(No);
        await using var port = await MqttPort.StartAsync(plan => plan.Hooks.Publish = backend.Url);
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("news");

        await client.PublishAsync("news", "1", qos: 1, id: 1);

        var answer = await client.ReadAsync("PUBACK");
        Assert.Equal((MqttReasonCode.NotAuthorized, "not today"), (answer.Reason, answer.TextOf(MqttPropertyId.ReasonString)));
        Assert.Empty(await client.SyncAsync());
    }

    [Fact]
    public async Task A_message_may_be_changed_on_its_way_and_keeps_its_QoS()
    {
        await using var backend = await HookServer.StartAsync("""{"allow":true,"value":"better","headers":{"by":"backend"}}""");
        await using var port = await MqttPort.StartAsync(plan => plan.Hooks.Publish = backend.Url);
        var client = await port.ConnectAsync("a");
        await client.SubscribeAsync("news", qos: 2);

        await client.PublishAsync("news", "1", qos: 1, id: 1);

        var first = await client.ReadAsync("the message, or its acknowledgement");
        var second = await client.ReadAsync("the other of them");
        var message = first.Type == MqttPacketType.Publish ? first : second;
        Assert.Equal("news=better q1", message.Text);
        Assert.Equal(["by=backend"], message.UserProperties());
    }

    [Fact]
    public async Task Who_comes_and_goes_is_told()
    {
        await using var backend = await HookServer.StartAsync("", 204);
        await using var port = await MqttPort.StartAsync(plan => plan.Hooks.Notify = backend.Url);
        var client = await port.ConnectAsync("a", expiry: 60, isClean: false);
        await client.SubscribeAsync("news");
        await client.SubscribeAsync("left");
        await client.UnsubscribeAsync("left");
        client.Drop();
        var before = await ToldAsync(backend, 7);
        await port.ConnectAsync("a", expiry: 60, isClean: false);

        Assert.Equal(
            [
                "channel_occupied news", "member_joined news", "channel_occupied left", "member_joined left",
                "channel_vacated left", "member_left left", "member_left news",
            ],
            before);
        Assert.Equal(["member_joined news"], await ToldAsync(backend, 1));
    }

    private static async Task<List<string>> ToldAsync(HookServer backend, int count)
    {
        var told = new List<string>();
        while (told.Count < count)
        {
            using var document = JsonDocument.Parse((await backend.AskedAsync()).Body);
            foreach (var one in document.RootElement.GetProperty("events").EnumerateArray())
            {
                told.Add($"{one.GetProperty("event")} {one.GetProperty("channel")}");
            }
        }

        return told;
    }
}
