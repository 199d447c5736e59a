using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Hooks;
using Signalbox.Gateways.Tests.Security;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.TestKit;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

/// <summary>A will is a publish like any other, at the moment at which it is published.</summary>
public sealed class MqttWillRightsTests
{
    private static readonly MqttWill Will = new() { Topic = Bytes("w"), Payload = Bytes("gone"), Qos = MqttQos.AtLeastOnce };

    [Fact]
    public async Task A_will_spends_of_the_rate_limit_of_who_left_it()
    {
        await using var port = await MqttPort.StartAsync(
            plan => plan.Rule("w", new ChannelOptions { RateLimit = 1, RateWindow = TimeSpan.FromHours(1) }));
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("#", qos: 1);

        await DieAsync(port, "a");
        Assert.Equal("w=gone q1", (await reader.ReadAsync("the will")).Text);
        await DieAsync(port, "b");
        await DieAsync(port, "c", Will with { Topic = Bytes("end") });

        Assert.Equal("end=gone q1", (await reader.ReadAsync("the last will")).Text);
    }

    [Fact]
    public async Task The_backend_is_asked_about_a_will_and_may_change_it()
    {
        await using var backend = await HookServer.StartAsync("""{"allow":true,"value":"asleep"}""");
        await using var port = await MqttPort.StartAsync(plan => plan.Hooks.Publish = backend.Url);
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("w", qos: 2);

        await DieAsync(port, "a");

        Assert.Equal("w=asleep q1", (await reader.ReadAsync("the will")).Text);
        var question = await backend.AskedAsync();
        Assert.Equal(
            ("publish", "mqtt", "a", "w"),
            (question.Field("hook"), question.Field("protocol"), question.Field("name"), question.Field("channel")));
    }

    [Fact]
    public async Task The_backend_may_keep_a_will_back()
    {
        await using var backend = await HookServer.StartAsync(question =>
            Task.FromResult((200, question.Field("channel") == "w" ? """{"allow":false}""" : "")));
        await using var port = await MqttPort.StartAsync(plan => plan.Hooks.Publish = backend.Url);
        var reader = await port.ConnectAsync("reader");
        await reader.SubscribeAsync("#", qos: 1);

        await DieAsync(port, "a");
        await backend.AskedAsync();
        await DieAsync(port, "b", Will with { Topic = Bytes("end") });

        Assert.Equal("end=gone q1", (await reader.ReadAsync("the last will")).Text);
    }

    [Fact]
    public async Task Who_was_revoked_meanwhile_leaves_no_will()
    {
        using var tokens = new TokenMaker();
        var clock = new ManualClock();
        await using var port = await MqttPort.StartAsync(plan =>
        {
            plan.Clock = clock;
            tokens.Configure(plan.Security);
        });
        var reader = await ConnectAsync(port, clock, "bob", "reader", null);
        await reader.SubscribeAsync("#", qos: 1);
        var delayed = Will with { Properties = After(10) };
        await LeaveAsync(await ConnectAsync(port, clock, "ann", "a", delayed));
        await LeaveAsync(await ConnectAsync(port, clock, "bob", "b", delayed with { Topic = Bytes("end") }));

        await port.Engine.User("ann").RevokeAsync(new(null, TimeSpan.FromHours(1)), TestContext.Current.CancellationToken);
        clock.Pass(TimeSpan.FromSeconds(11));

        Assert.Equal("end=gone q1", (await reader.ReadAsync("the other's will")).Text);
    }

    [Fact]
    public async Task Who_left_a_will_is_still_known_when_the_server_was_killed_meanwhile()
    {
        using var tokens = new TokenMaker();
        var clock = new ManualClock();
        await using var backend = await HookServer.StartAsync(question =>
            Task.FromResult((200, question.Field("user") == "eve" ? """{"allow":false}""" : "")));
        await using var server = await MqttRestart.StartAsync(plan =>
        {
            plan.Clock = clock;
            plan.Hooks.Publish = backend.Url;
            plan.Hooks.PublishChannels.Add("w");
            plan.Rule("limited", new ChannelOptions { RateLimit = 1, RateWindow = TimeSpan.FromHours(1) });
            tokens.Configure(plan.Security);
        });
        (string, string, uint)[] wills = [("ann", "revoked", 10), ("eve", "w", 10), ("tom", "limited", 10), ("bob", "end", 20)];
        foreach (var (user, topic, delay) in wills)
        {
            await ConnectAsync(server.Port, clock, user, user, Will with { Topic = Bytes(topic), Properties = After(delay) });
        }

        await server.Port.Engine.User("ann").RevokeAsync(new(null, TimeSpan.FromHours(1)), TestContext.Current.CancellationToken);
        await server.KillAsync();
        var spender = await ConnectAsync(server.Port, clock, "tom", "spender", null);
        await spender.PublishAsync("limited", "all of it", qos: 1, id: 1);
        await spender.SyncAsync();
        var reader = await ConnectAsync(server.Port, clock, "bob", "reader", null);
        await reader.SubscribeAsync("#", qos: 1);
        clock.Pass(TimeSpan.FromSeconds(10));
        await backend.AskedAsync();
        Assert.Empty(await reader.SyncAsync());
        clock.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal("end=gone q1", (await reader.ReadAsync("the will of who may leave one")).Text);
        Assert.Empty(await reader.SyncAsync());
    }

    private static MqttProperties After(uint seconds) => Properties(to => to.Add(MqttPropertyId.WillDelayInterval, seconds));

    private static async Task DieAsync(MqttPort port, string name, MqttWill? will = null)
    {
        var client = await port.OpenAsync(name);
        await client.ConnectAsync(name, change: connect => connect with { Will = will ?? Will });
        await client.SyncAsync();
        client.Drop();
    }

    private static async Task LeaveAsync(MqttTalker client)
    {
        await client.DisconnectAsync(MqttReasonCode.DisconnectWithWill);
        await client.ReadEndAsync("the end");
    }

    private static async Task<MqttTalker> ConnectAsync(MqttPort port, ManualClock clock, string user, string name, MqttWill? will)
    {
        const string all = """{"publish":["#"],"subscribe":["#"]}""";
        var client = await port.OpenAsync(name);
        await client.ConnectAsync(name, expiry: 60, change: connect => connect with
        {
            Will = will,
            UserName = Bytes(user),
            Password = Bytes(TokenMaker.Token(clock.GetUtcNow(), user, all)),
        });
        await client.SyncAsync();
        return client;
    }
}
