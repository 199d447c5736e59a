using Signalbox.Core.Channels;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>What is said to users and about them, over the dispatcher's port.</summary>
public sealed class UserCommandTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private DispatcherHost _host = null!; // Set before any test.
    private DispatcherDriver _admin = null!; // So too.

    public async ValueTask InitializeAsync()
    {
        _host = await DispatcherHost.StartAsync(plan =>
        {
            plan.Clock = _clock;
            plan.Security.Keys.Add(new KeySettings { Algorithm = "HS256", Secret = TokenMaker.Secret });
            plan.Rule("limited", ChannelOptions.Default with { RateLimit = 3 });
        });
        _admin = await ComeAsync("root", """{"admin":true}""");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task What_is_sent_to_a_user_reaches_all_of_the_users_connections_and_is_counted()
    {
        var (one, two, other) = (await ComeAsync("anna"), await ComeAsync("anna"), await ComeAsync("bert"));

        var sent = await _admin.AskAsync("""{"command":"send","key":"anna","value":{"n":1},"user":{"a":"b"},"seq":2}""");

        Assert.Equal("2", sent.Field("published"));
        var expected = $$$"""{"command":"direct","value":{"n":1},"source":"{{{_admin.Peer}}}","user":{"a":"b"}}""";
        Assert.Equal(expected, await one.ReadAsync("what was sent"));
        Assert.Equal(expected, await two.ReadAsync("what was sent"));
        Assert.Empty(await other.SyncAsync("that nothing came"));
        Assert.Equal("0", (await _admin.AskAsync("""{"command":"send","key":"nobody","value":1,"seq":3}""")).Field("published"));
    }

    [Fact]
    public async Task It_can_be_asked_where_a_user_is_and_since_when()
    {
        var since = _clock.GetUtcNow();
        var one = await ComeAsync("anna");
        _clock.Pass(TimeSpan.FromSeconds(5));
        await ComeAsync("anna");

        var user = await _admin.AskAsync("""{"command":"user","key":"anna","seq":2}""");

        Assert.Equal(("True", $"{since.ToUnixTimeMilliseconds()}"), (user.Field("online"), user.Field("since")));
        Assert.Contains($"\"node\":\"node-1\",\"peer\":\"{one.Peer}\",\"protocol\":\"tcp\"", user, StringComparison.Ordinal);
        var nobody = await _admin.AskAsync("""{"command":"user","key":"nobody","seq":3}""");
        Assert.Equal(("False", "", "[]"), (nobody.Field("online"), nobody.Field("since"), nobody.Field("value")));
    }

    [Fact]
    public async Task A_user_that_has_gone_is_offline()
    {
        var one = await ComeAsync("anna");
        one.EndSending();

        // The server closes its side when it has put the connection away.
        await one.ReadEndAsync("that the server has put the connection away");

        Assert.Equal("False", (await _admin.AskAsync("""{"command":"user","key":"anna","seq":2}""")).Field("online"));
    }

    [Fact]
    public async Task A_disconnected_user_is_told_and_may_come_back()
    {
        var (one, two, other) = (await ComeAsync("anna"), await ComeAsync("anna"), await ComeAsync("bert"));

        Assert.Equal("2", (await _admin.AskAsync("""{"command":"disconnect","key":"anna","seq":2}""")).Field("value"));

        foreach (var client in new[] { one, two })
        {
            var end = await client.ReadAsync("why it ended");
            Assert.Equal(("503", "disconnected"), (end.Field("code"), end.Field("reason")));
            await client.ReadEndOfDeafAsync("the end");
        }

        await other.SyncAsync("that the other stays");
        await ComeAsync("anna");
    }

    [Fact]
    public async Task A_revoked_user_is_cut_and_comes_back_with_a_newer_token_only()
    {
        var old = TokenMaker.Token(_clock.GetUtcNow(), "anna");
        var one = await _host.ConnectAsync("anna");
        await one.AskAsync(Hello(old));
        _clock.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal("1", (await _admin.AskAsync("""{"command":"revoke","key":"anna","seq":2}""")).Field("value"));

        Assert.Equal("revoked", (await one.ReadAsync("why it ended")).Field("reason"));
        await one.ReadEndOfDeafAsync("the end");
        var again = await _host.ConnectAsync("anna again");
        Assert.Equal("401", (await again.AskAsync(Hello(old))).Field("code"));
        await again.ReadEndOfDeafAsync("the end");
        _clock.Pass(TimeSpan.FromSeconds(1));
        await ComeAsync("anna");
    }

    [Fact]
    public async Task A_revoked_token_cuts_those_who_came_with_it_and_nobody_else()
    {
        var token = TokenMaker.Token(_clock.GetUtcNow(), "anna", id: "phone");
        var (phone, desk) = (await _host.ConnectAsync("phone"), await ComeAsync("anna"));
        await phone.AskAsync(Hello(token));

        Assert.Equal("1", (await _admin.AskAsync("""{"command":"revoke","key":"anna","id":"phone","seq":2}""")).Field("value"));

        Assert.Equal("revoked", (await phone.ReadAsync("why it ended")).Field("reason"));
        await desk.SyncAsync("that the other stays");
        var again = await _host.ConnectAsync("phone again");
        Assert.Equal("401", (await again.AskAsync(Hello(token))).Field("code"));
    }

    [Fact]
    public async Task A_connection_is_not_renewed_with_a_token_that_was_revoked()
    {
        var token = TokenMaker.Token(_clock.GetUtcNow(), "anna", id: "phone");
        await _admin.AskAsync("""{"command":"revoke","key":"anna","id":"phone","seq":2}""");
        var desk = await ComeAsync("anna");

        Assert.Equal("401", (await desk.AskAsync(Hello(token))).Field("code"));
        await desk.ReadEndOfDeafAsync("the end");
    }

    [Fact]
    public async Task Rate_limits_are_the_users_wherever_the_user_comes_from()
    {
        var (one, two, other) = (await ComeAsync("anna"), await ComeAsync("anna"), await ComeAsync("bert"));
        const string publish = """{"command":"publish","key":"limited","value":1,"seq":2}""";

        Assert.Equal("0", (await one.AskAsync(publish)).Field("code"));
        Assert.Equal("0", (await two.AskAsync(publish)).Field("code"));
        Assert.Equal("1", (await one.AskAsync("""{"command":"quota","key":"limited","seq":3}""")).Field("remaining"));
        Assert.Equal("0", (await one.AskAsync(publish)).Field("code"));

        Assert.Equal("429", (await two.AskAsync(publish)).Field("code"));
        Assert.Equal("0", (await other.AskAsync(publish)).Field("code"));
    }

    private static string Hello(string token) => $$"""{"command":"hello","token":"{{token}}","seq":1}""";

    private async Task<DispatcherDriver> ComeAsync(string user, string rights = """{"publish":["#"]}""")
    {
        var client = await _host.ConnectAsync(user);
        Assert.Equal("0", (await client.AskAsync(Hello(TokenMaker.Token(_clock.GetUtcNow(), user, rights)))).Field("code"));
        return client;
    }
}
