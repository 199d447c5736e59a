using Signalbox.Gateways.Security;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Tests.Sse;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>Who asked for it is told when a user comes online, and when the user goes offline.</summary>
public sealed class UserPresenceTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private DispatcherHost _host = null!; // Set before any test.

    public async ValueTask InitializeAsync() => _host = await DispatcherHost.StartAsync(Configure);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_subscriber_is_told_how_it_is_and_then_of_the_first_connection_and_of_the_end_of_the_last()
    {
        var watcher = await ComeAsync("bert", """{"user":{"read":["anna"]}}""");
        await watcher.AskAsync("""{"command":"subscribe","key":"$users/anna","seq":2}""");
        var before = await watcher.ReadAsync("how it is");

        var since = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var phone = await ComeAsync("anna");
        var online = await watcher.ReadAsync("that anna is online");
        _clock.Pass(TimeSpan.FromSeconds(5));
        var laptop = await ComeAsync("anna");
        await LeaveAsync(phone);
        var between = await watcher.SyncAsync("that nothing came: anna was there all the time");
        await LeaveAsync(laptop);
        var offline = await watcher.ReadAsync("that anna is offline");

        Assert.Equal(("""{"user":"anna","online":false}""", "True"), (before.Field("value"), before.Field("retained")));
        Assert.Equal($$"""{"user":"anna","online":true,"since":{{since}}}""", online.Field("value"));
        Assert.Empty(between);
        Assert.Equal("""{"user":"anna","online":false}""", offline.Field("value"));
        Assert.True(long.Parse(online.Field("offset")) < long.Parse(offline.Field("offset")), "Offsets grow.");
    }

    [Fact]
    public async Task Who_subscribes_while_the_user_is_there_is_told_since_when()
    {
        var since = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        await ComeAsync("anna");
        _clock.Pass(TimeSpan.FromSeconds(5));
        var watcher = await ComeAsync("bert", """{"user":{"read":["#"]}}""");

        await watcher.AskAsync("""{"command":"subscribe","key":"$users/anna","seq":2}""");

        var state = await watcher.ReadAsync("how it is");
        Assert.Equal($$"""{"user":"anna","online":true,"since":{{since}}}""", state.Field("value"));
    }

    [Fact]
    public async Task A_filter_tells_of_all_users_and_does_not_begin_with_how_it_is()
    {
        var watcher = await ComeAsync("bert", """{"user":{"read":["#"]}}""");
        await watcher.AskAsync("""{"command":"subscribe","key":"$users/+","seq":2}""");

        await ComeAsync("anna");
        await ComeAsync("cleo");

        Assert.Equal("$users/anna", (await watcher.ReadAsync("that anna is online")).Field("key"));
        Assert.Equal("$users/cleo", (await watcher.ReadAsync("that cleo is online")).Field("key"));
    }

    [Fact]
    public async Task A_user_with_the_name_of_a_wildcard_hears_of_nobody_else()
    {
        var watcher = await ComeAsync("#");

        var answer = await watcher.AskAsync("""{"command":"subscribe","key":"$users/#","seq":2}""");

        Assert.Equal("403", answer.Field("code"));
    }

    [Fact]
    public async Task Who_comes_back_is_told_how_it_is_and_not_that_nothing_was_missed()
    {
        await ComeAsync("anna");
        var watcher = await ComeAsync("bert", """{"user":{"read":["anna"]}}""");
        var first = await watcher.AskAsync("""{"command":"subscribe","key":"$users/anna","seq":2}""");
        await watcher.ReadAsync("how it is");

        var back = $$"""{"command":"subscribe","key":"$users/anna","since":{{first.Field("offset")}},"epoch":"users","seq":3}""";
        var again = await watcher.AskAsync(back);

        Assert.Equal("False", again.Field("recovered"));
        Assert.Equal("True", (await watcher.ReadAsync("how it is now")).Field("retained"));
    }

    [Fact]
    public async Task A_stream_of_events_tells_of_users_and_makes_its_own_user_be_online()
    {
        await using var http = await HttpHost.StartAsync(Configure);
        await using var watcher = await StreamAsync(http, "bert", """{"user":{"read":["anna"]}}""", "$users/anna");
        var before = await watcher.ReadAsync("message", "how it is");

        var own = await StreamAsync(http, "anna", """{"subscribe":["#"]}""", "news");
        var online = await watcher.ReadAsync("message", "that anna is online");
        own.Cut();
        var offline = await watcher.ReadAsync("message", "that anna is offline");

        Assert.Equal(["false", "true", "false"], new[] { before, online, offline }.Select(one => one.At("value", "online")));
        await own.DisposeAsync();
    }

    private void Configure(HostPlan plan)
    {
        plan.Clock = _clock;
        plan.Security.Keys.Add(new KeySettings { Algorithm = "HS256", Secret = TokenMaker.Secret });
    }

    private Task<SseReader> StreamAsync(HttpHost http, string user, string rights, string channel)
    {
        var query = $"/sse?channel={channel}&token={TokenMaker.Token(_clock.GetUtcNow(), user, rights)}";
        return SseReader.OpenAsync(new Uri(http.Address, query), user, null, null);
    }

    private async Task<DispatcherDriver> ComeAsync(string user, string rights = "{}")
    {
        var client = await _host.ConnectAsync(user);
        var token = TokenMaker.Token(_clock.GetUtcNow(), user, rights);
        Assert.Equal("0", (await client.AskAsync($$"""{"command":"hello","token":"{{token}}","seq":1}""")).Field("code"));
        return client;
    }

    private static async Task LeaveAsync(DispatcherDriver client)
    {
        client.EndSending();
        await client.ReadEndAsync("that the server has put the connection away");
    }
}
