using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Security;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Reasons;
using static Signalbox.Gateways.Tests.Mqtt.MqttTalker;

namespace Signalbox.Gateways.Tests.Mqtt;

public sealed class MqttSecurityTests
{
    private const string Rights = """{"publish":["mine/#"],"subscribe":["mine/#"]}""";

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task MQTT_3_1_4_2_The_password_is_a_token_and_without_a_good_one_nobody_is_let_in(MqttVersion version)
    {
        using var tokens = new TokenMaker();
        await using var port = await MqttPort.StartAsync(plan => tokens.Configure(plan.Security));

        Assert.Equal(MqttReasonCode.Success, await ReasonAsync(Token("ann")));
        Assert.Equal(MqttReasonCode.BadUserNameOrPassword, await ReasonAsync("no token"));
        Assert.Equal(MqttReasonCode.NotAuthorized, await ReasonAsync(null));

        async Task<MqttReasonCode> ReasonAsync(string? password)
        {
            var client = await port.OpenAsync(version: version);
            return (await client.AskAsync(With(version, "device", password).Write)).Reason;
        }
    }

    [Fact]
    public async Task A_user_name_alone_may_be_the_token()
    {
        using var tokens = new TokenMaker();
        await using var port = await MqttPort.StartAsync(plan => tokens.Configure(plan.Security));
        var client = await port.OpenAsync();

        var connect = new MqttConnect { Version = MqttVersion.V5, CleanStart = true, ClientId = Bytes("a"), UserName = Bytes(Token("ann")) };

        Assert.Equal(MqttReasonCode.Success, (await client.AskAsync(connect.Write)).Reason);
    }

    [Fact]
    public async Task What_is_not_granted_is_refused_in_the_words_of_each_version()
    {
        using var tokens = new TokenMaker();
        await using var port = await MqttPort.StartAsync(plan => tokens.Configure(plan.Security));
        var client = await ConnectAsync(port, "ann", "a");
        var old = await ConnectAsync(port, "ann", "b", MqttVersion.V311);

        Assert.Equal(MqttReasonCode.Success, await client.SubscribeAsync("mine/+"));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.SubscribeAsync("#"));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.SubscribeAsync("$share/g/yours"));
        Assert.Equal(MqttReasonCode.UnspecifiedError, await old.SubscribeAsync("yours"));
        await client.PublishAsync("yours", "1", qos: 1, id: 1);
        Assert.Equal(MqttReasonCode.NotAuthorized, (await client.ReadAsync("PUBACK")).Reason);
        await client.PublishAsync("yours", "1", qos: 2, id: 1);
        Assert.Equal(MqttReasonCode.NotAuthorized, (await client.ReadAsync("PUBREC")).Reason);
        await old.PublishAsync("yours", "1", qos: 1, id: 1);
        Assert.Equal(MqttPacketType.PubAck, (await old.ReadAsync("PUBACK")).Type);
    }

    [Fact]
    public async Task What_a_rule_of_the_channel_keeps_to_others_is_refused_whatever_the_token_grants()
    {
        using var tokens = new TokenMaker();
        await using var port = await MqttPort.StartAsync(plan =>
        {
            tokens.Configure(plan.Security);
            plan.Rule("mine/kept", ChannelOptions.Default with { Publish = Who.Keys, Subscribe = Who.Keys });
        });
        var client = await ConnectAsync(port, "ann", "a");

        Assert.Equal(MqttReasonCode.Success, await client.SubscribeAsync("mine/other"));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.SubscribeAsync("mine/kept"));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.SubscribeAsync("mine/#"));
        await client.PublishAsync("mine/kept", "1", qos: 1, id: 1);
        Assert.Equal(MqttReasonCode.NotAuthorized, (await client.ReadAsync("PUBACK")).Reason);

        var second = await port.OpenAsync();
        var will = new MqttWill { Topic = Bytes("mine/kept") };
        var answer = await second.AskAsync((With(MqttVersion.V5, "b", Token("ann")) with { Will = will }).Write);
        Assert.Equal(MqttReasonCode.NotAuthorized, answer.Reason);
    }

    [Fact]
    public async Task A_will_that_is_not_granted_is_refused_at_once()
    {
        using var tokens = new TokenMaker();
        await using var port = await MqttPort.StartAsync(plan => tokens.Configure(plan.Security));
        var client = await port.OpenAsync();

        var answer = await client.AskAsync(
            (With(MqttVersion.V5, "a", Token("ann")) with { Will = new MqttWill { Topic = Bytes("yours") } }).Write);

        Assert.Equal(MqttReasonCode.NotAuthorized, answer.Reason);
    }

    [Fact]
    public async Task A_revocation_ends_the_connection_and_says_so()
    {
        using var tokens = new TokenMaker();
        await using var port = await MqttPort.StartAsync(plan => tokens.Configure(plan.Security));
        var client = await ConnectAsync(port, "ann", "a");
        var json = await port.TalkJsonAsync();
        var admin = TokenMaker.Token(TimeProvider.System.GetUtcNow(), "root", """{"admin":true}""");
        await json.AskAsync($$"""{"command":"hello","token":"{{admin}}","seq":1}""");

        await json.AskAsync("""{"command":"revoke","key":"ann","seq":2}""");

        Assert.Equal(MqttReasonCode.AdministrativeAction, (await client.ReadAsync("DISCONNECT")).Reason);
        await client.ReadEndAsync("the end");
    }

    [Fact]
    public async Task Two_users_may_have_a_client_of_the_same_name_and_neither_sees_the_others_session()
    {
        using var tokens = new TokenMaker();
        await using var port = await MqttPort.StartAsync(plan => tokens.Configure(plan.Security));
        var ann = await ConnectAsync(port, "ann", "device");
        var bob = await port.OpenAsync("bob");

        var answer = await bob.AskAsync((With(MqttVersion.V5, "device", Token("bob")) with { CleanStart = false }).Write);

        Assert.False(answer.SessionPresent);
        Assert.Empty(await ann.SyncAsync());
    }

    [Fact]
    public async Task Without_keys_a_user_name_and_password_are_not_looked_at()
    {
        await using var port = await MqttPort.StartAsync();
        var client = await port.OpenAsync();

        Assert.Equal(MqttReasonCode.Success, (await client.AskAsync(With(MqttVersion.V5, "a", "whatever").Write)).Reason);
    }

    private static string Token(string user) => TokenMaker.Token(TimeProvider.System.GetUtcNow(), user, Rights);

    private static MqttConnect With(MqttVersion version, string name, string? password) => new()
    {
        Version = version,
        CleanStart = true,
        ClientId = Bytes(name),
        UserName = password is null ? null : Bytes("somebody"),
        Password = password is null ? null : Bytes(password),
    };

    private static async Task<MqttTalker> ConnectAsync(
        MqttPort port, string user, string name, MqttVersion version = MqttVersion.V5)
    {
        var client = await port.OpenAsync(name, version);
        await client.AskAsync(With(version, name, Token(user)).Write);
        return client;
    }
}
