using Signalbox.Gateways.Security;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>Tokens over the life of a connection: their end, their renewal, and what follows from that.</summary>
public sealed class SessionIdentityTests : IAsyncLifetime
{
    private const string Everywhere = """{"publish":["#"],"subscribe":["#"],"queue":{"push":["#"],"pop":["#"]}}""";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ManualClock _clock = new();
    private DispatcherHost _host = null!; // Set before any test.

    public async ValueTask InitializeAsync() => _host = await DispatcherHost.StartAsync(plan =>
    {
        plan.Clock = _clock;
        plan.Session.IdleTimeout = TimeSpan.FromDays(1);
        plan.Session.PingInterval = TimeSpan.FromDays(1);
        plan.Security.Keys.Add(new KeySettings { Algorithm = "HS256", Secret = TokenMaker.Secret });
        plan.Security.ApiKeys.Add(new ApiKeySettings
        {
            Name = "backend", Key = TokenMaker.ApiKey, Rights = new() { Publish = ["news"] },
        });
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_reply_to_hello_says_who_one_is_and_until_when()
    {
        var client = await _host.ConnectAsync();

        var hello = await client.AskAsync(Hello("anna"));

        Assert.Equal(("anna", "3630000"), (hello.Field("user"), hello.Field("expiresIn")));
    }

    [Fact]
    public async Task A_token_that_expires_ends_its_connection_and_says_so()
    {
        var client = await _host.ConnectAsync();
        await client.AskAsync(Hello("anna"));
        await client.AskAsync("""{"command":"subscribe","key":"news","seq":2}""");

        _clock.Pass(Hour + TimeSpan.FromSeconds(29));
        await client.SyncAsync("that it is still there");
        _clock.Pass(TimeSpan.FromSeconds(1));

        var end = await client.ReadAsync("why it ended");
        Assert.Equal(("401", "token_expired"), (end.Field("code"), end.Field("reason")));
        await client.ReadEndOfDeafAsync("the end");
    }

    [Fact]
    public async Task A_newer_token_goes_on_where_the_older_ended_and_no_subscription_is_lost()
    {
        var client = await _host.ConnectAsync();
        await client.AskAsync(Hello("anna"));
        await client.AskAsync("""{"command":"subscribe","key":"news","seq":2}""");
        _clock.Pass(Hour / 2);

        var again = await client.AskAsync(Hello("anna"));
        _clock.Pass(Hour * 0.75);

        Assert.Equal("", again.Field("dropped"));
        await client.SendAsync("""{"command":"publish","key":"news","value":"still here","seq":3}""");
        string[] got = [await client.ReadAsync("the one"), await client.ReadAsync("the other")];
        Assert.Contains(got, frame => frame.Field("command") == "message" && frame.Field("value") == "still here");
    }

    [Fact]
    public async Task A_smaller_token_ends_the_subscriptions_that_it_does_not_grant_and_names_them()
    {
        var client = await _host.ConnectAsync();
        await client.AskAsync(Hello("anna"));
        await client.AskAsync("""{"command":"subscribe","key":["news","chat/1","chat/#"],"seq":2}""");

        var again = await client.AskAsync(Hello("anna", """{"subscribe":["chat/+"],"publish":["#"]}"""));

        Assert.Equal("""["news","chat/#"]""", again.Field("dropped"));
        var left = await client.AskAsync("""{"command":"unsubscribe","key":"none","seq":3}""");
        Assert.Equal("""["chat/1"]""", left.Field("key"));
        Assert.Equal("403", (await client.AskAsync("""{"command":"subscribe","key":"news","seq":4}""")).Field("code"));
        var published = await client.AskAsync("""{"command":"publish","key":"news","value":1,"seq":5}""");
        Assert.Equal("0", published.Field("published"));
    }

    [Fact]
    public async Task A_blocked_pop_gives_its_item_back_where_a_smaller_token_has_come_meanwhile()
    {
        var small = await _host.ConnectAsync("small");
        var other = await _host.ConnectAsync("other");
        await small.AskAsync(Hello("anna"));
        await other.AskAsync(Hello("bert"));
        await small.SendAsync("""{"command":"qpop","key":"jobs","block":true,"seq":"pop"}""");
        await small.SyncAsync("the pop to be waiting");
        await small.AskAsync(Hello("anna", """{"publish":["#"]}"""));

        await other.AskAsync("""{"command":"qpush","key":"jobs","value":"work","seq":2}""");

        Assert.Equal("403", (await small.ReadAsync("the answer to the pop")).Field("code"));
        var popped = await other.AskAsync("""{"command":"qpop","key":"jobs","block":true,"seq":3}""");
        Assert.Equal("work", popped.Field("value"));
    }

    [Fact]
    public async Task A_bad_token_ends_a_connection_that_came_with_a_good_one()
    {
        var client = await _host.ConnectAsync();
        await client.AskAsync(Hello("anna"));

        Assert.Equal("401", (await client.AskAsync("""{"command":"hello","token":"nonsense","seq":2}""")).Field("code"));
        await client.ReadEndOfDeafAsync("the end");
    }

    [Fact]
    public async Task A_connection_does_not_become_another_users()
    {
        var client = await _host.ConnectAsync();
        await client.AskAsync(Hello("anna"));

        Assert.Equal("403", (await client.AskAsync(Hello("bert"))).Field("code"));
        await client.ReadEndOfDeafAsync("the end");
    }

    [Fact]
    public async Task Who_does_not_say_in_time_who_it_is_is_sent_away()
    {
        var silent = await _host.ConnectAsync("silent");
        var known = await _host.ConnectAsync("known");
        await silent.SyncAsync("the connection to be there");
        await known.AskAsync(Hello("anna"));

        _clock.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal("unauthenticated", (await silent.ReadAsync("why it ended")).Field("reason"));
        await known.SyncAsync("that the other stays");
    }

    [Fact]
    public async Task A_backend_comes_in_with_its_key_for_as_long_as_it_likes()
    {
        var backend = await _host.ConnectAsync();
        await backend.AskAsync($$"""{"command":"hello","token":"{{TokenMaker.ApiKey}}","seq":1}""");

        _clock.Pass(20 * Hour);

        Assert.Equal("0", (await backend.AskAsync("""{"command":"publish","key":"news","value":1,"seq":2}""")).Field("code"));
        Assert.Equal("403", (await backend.AskAsync("""{"command":"publish","key":"chat","value":1,"seq":3}""")).Field("code"));
    }

    [Fact]
    public async Task Lists_name_only_what_may_be_seen()
    {
        var all = await _host.ConnectAsync("all");
        var some = await _host.ConnectAsync("some");
        await all.AskAsync(Hello("admin", """{"admin":true}"""));
        await some.AskAsync(Hello(
            "anna", """{"subscribe":["chat/+"],"presence":["chat/2"],"hash":{"read":["mine"]},"queue":{"pop":["jobs"]}}"""));
        await all.AskAsync("""{"command":"subscribe","key":["chat/1","chat/2","news"],"seq":2}""");
        await all.AskAsync("""{"command":"set","key":"mine","value":1,"seq":3}""");
        await all.AskAsync("""{"command":"set","key":"theirs","value":1,"seq":4}""");
        await all.AskAsync("""{"command":"qpush","key":"jobs","value":1,"seq":5}""");
        await all.AskAsync("""{"command":"qpush","key":"secret","value":1,"seq":6}""");

        var channels = await some.AskAsync("""{"command":"channels","seq":2}""");
        Assert.Equal($$"""{"chat/1":[],"chat/2":["{{all.Peer}}"]}""", channels.Field("value"));
        Assert.Equal("""["mine"]""", (await some.AskAsync("""{"command":"keys","seq":3}""")).Field("value"));
        var queues = (await some.AskAsync("""{"command":"queues","seq":4}""")).Field("value");
        Assert.Contains("jobs", queues, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", queues, StringComparison.Ordinal);
        Assert.Equal("""["mine","theirs"]""", (await all.AskAsync("""{"command":"keys","seq":7}""")).Field("value"));
    }

    [Fact]
    public async Task Presence_names_the_user()
    {
        var client = await _host.ConnectAsync();
        await client.AskAsync(Hello("anna"));
        await client.AskAsync("""{"command":"subscribe","key":"chat","seq":2}""");

        var presence = await client.AskAsync("""{"command":"presence","key":"chat","seq":3}""");

        Assert.Contains("\"user\":\"anna\"", presence, StringComparison.Ordinal);
    }

    private string Hello(string user, string rights = Everywhere) =>
        $$"""{"command":"hello","token":"{{TokenMaker.Token(_clock.GetUtcNow(), user, rights)}}","seq":1}""";
}
