using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Traffic;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>How much a connection, an address and a user may send.</summary>
public sealed class TrafficTests
{
    private const string Ping = """{"command":"ping","seq":1}""";

    private readonly ManualClock _clock = new();

    [Fact]
    public void An_allowance_is_a_seconds_worth_and_fills_evenly()
    {
        var allowance = new Allowance(perSecond: 10, _clock);
        for (var left = 9; left >= 0; left--)
        {
            Assert.True(allowance.TrySpend(1, out var state));
            Assert.Equal(left, state.Remaining);
        }

        Assert.False(allowance.TrySpend(1, out var empty));
        Assert.Equal((0, TimeSpan.FromSeconds(0.1)), (empty.Remaining, empty.RetryAfter));

        _clock.Pass(empty.RetryAfter);
        Assert.True(allowance.TrySpend(1, out _));
        Assert.False(allowance.TrySpend(1, out _));
        _clock.Pass(TimeSpan.FromSeconds(10));
        Assert.True(allowance.IsWhole);
    }

    [Fact]
    public void What_is_larger_than_an_allowance_is_waited_off_afterwards()
    {
        var allowance = new Allowance(perSecond: 100, _clock);

        Assert.True(allowance.TrySpend(500, out _));
        Assert.False(allowance.TrySpend(1, out var state));

        Assert.Equal(TimeSpan.FromSeconds(4.01), state.RetryAfter);
        _clock.Pass(state.RetryAfter);
        Assert.True(allowance.TrySpend(1, out _));
    }

    [Fact]
    public void What_is_shared_is_not_refilled_by_going_and_coming_and_is_forgotten_when_it_is_whole()
    {
        var shared = new SharedRates(new RateOptions { CommandsPerSecond = 1 }, _clock);
        shared.TryTake("one", 1, out var rate);
        Assert.Null(rate!.Spend(1));
        Assert.False(shared.TryTake("one", 1, out _));

        shared.GiveBack("one");
        Assert.True(shared.TryTake("one", 1, out var again));
        Assert.NotNull(again!.Spend(1));

        shared.GiveBack("one");
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(shared.TryTake("two", 1, out _));
        Assert.True(shared.TryTake("one", 1, out var fresh));
        Assert.NotSame(rate, fresh);
    }

    [Fact]
    public async Task Too_many_commands_of_a_connection_are_answered_with_what_is_left_and_when_there_is_more()
    {
        await using var host = await StartAsync(session => session.CommandsPerSecond = 2);
        var (one, other) = (await host.ConnectAsync(), await host.ConnectAsync());
        await one.AskAsync(Ping);
        await one.AskAsync(Ping);

        var refused = await one.AskAsync(Ping);

        Assert.Equal(("429", "500", "0"), (refused.Field("code"), refused.Field("retryAfter"), refused.Field("remaining")));
        Assert.Equal("0", (await other.AskAsync(Ping)).Field("code"));
        _clock.Pass(TimeSpan.FromSeconds(0.5));
        Assert.Equal("0", (await one.AskAsync(Ping)).Field("code"));
    }

    [Fact]
    public async Task Too_many_bytes_are_answered_alike()
    {
        await using var host = await StartAsync(session => session.BytesPerSecond = Ping.Length);
        var client = await host.ConnectAsync();

        Assert.Equal("0", (await client.AskAsync(Ping)).Field("code"));
        Assert.Equal("429", (await client.AskAsync(Ping)).Field("code"));
    }

    [Fact]
    public async Task The_connections_of_an_address_share_what_it_may_send_and_are_so_many_at_most()
    {
        await using var host = await StartAsync(session =>
        {
            session.PerAddress.CommandsPerSecond = 2;
            session.MaxConnectionsPerAddress = 2;
        });
        var (one, two) = (await host.ConnectAsync(), await host.ConnectAsync());
        Assert.Equal("0", (await one.AskAsync(Ping)).Field("code"));
        Assert.Equal("0", (await two.AskAsync(Ping)).Field("code"));
        Assert.Equal("429", (await one.AskAsync(Ping)).Field("code"));

        var third = await host.ConnectAsync();

        var end = await third.ReadAsync("why it ended");
        Assert.Equal(("429", "too_many_connections", "0"), (end.Field("code"), end.Field("reason"), end.Field("remaining")));
        Assert.NotEmpty(end.Field("retryAfter"));
        await third.ReadEndOfDeafAsync("the end");
        Assert.Equal(2, host.ConnectionCount);
    }

    [Fact]
    public async Task The_connections_of_a_user_share_what_the_user_may_send()
    {
        await using var host = await StartAsync(session => session.PerUser.CommandsPerSecond = 2, isKeyed: true);
        var (one, two, other) = (await host.ConnectAsync(), await host.ConnectAsync(), await host.ConnectAsync());
        foreach (var (client, user) in new[] { (one, "anna"), (two, "anna"), (other, "bert") })
        {
            await client.AskAsync(Hello(user, "{}"));
        }

        Assert.Equal("0", (await one.AskAsync(Ping)).Field("code"));
        Assert.Equal("0", (await two.AskAsync(Ping)).Field("code"));
        Assert.Equal("429", (await one.AskAsync(Ping)).Field("code"));
        Assert.Equal("0", (await other.AskAsync(Ping)).Field("code"));
    }

    [Fact]
    public async Task A_token_may_bring_limits_of_its_own()
    {
        await using var host = await StartAsync(_ => { }, isKeyed: true);
        var client = await host.ConnectAsync();
        await client.AskAsync(Hello("anna", """{"subscribe":["#"],"limits":{"subscriptions":1,"commandsPerSecond":3}}"""));

        Assert.Equal("0", (await client.AskAsync("""{"command":"subscribe","key":"a","seq":1}""")).Field("code"));
        Assert.Equal("429", (await client.AskAsync("""{"command":"subscribe","key":"b","seq":1}""")).Field("code"));
        Assert.Equal("0", (await client.AskAsync(Ping)).Field("code"));
        Assert.Equal("429", (await client.AskAsync(Ping)).Field("code"));
    }

    [Fact]
    public async Task Too_many_subscriptions_are_answered_with_how_many_more_there_may_be()
    {
        await using var host = await StartAsync(session => session.MaxSubscriptions = 3);
        var client = await host.ConnectAsync();
        await client.AskAsync("""{"command":"subscribe","key":["a","b"],"seq":1}""");

        var refused = await client.AskAsync("""{"command":"subscribe","key":["c","d"],"seq":2}""");

        Assert.Equal(("429", "1"), (refused.Field("code"), refused.Field("remaining")));
        Assert.Equal("0", (await client.AskAsync("""{"command":"subscribe","key":"c","seq":3}""")).Field("code"));
    }

    [Fact]
    public async Task Quota_tells_of_every_limit_that_is_set()
    {
        await using var host = await StartAsync(
            session =>
            {
                session.CommandsPerSecond = 10;
                session.PerUser.CommandsPerSecond = 20;
                session.PerUser.BytesPerSecond = 5000;
                session.PerAddress.CommandsPerSecond = 30;
            },
            isKeyed: true);
        var client = await host.ConnectAsync();
        await client.AskAsync(Hello("anna", """{"publish":["#"]}"""));

        var quota = await client.AskAsync("""{"command":"quota","seq":2}""");

        Assert.Equal("", quota.Field("limit"));
        Assert.Contains("""{"of":"connection","what":"commands","limit":10,"remaining":8,"retryAfter":0}""", quota, StringComparison.Ordinal);
        Assert.Contains("""{"of":"user","what":"commands","limit":20,"remaining":19,"retryAfter":0}""", quota, StringComparison.Ordinal);
        Assert.Contains("""{"of":"user","what":"bytes","limit":5000,""", quota, StringComparison.Ordinal);
        Assert.Contains("""{"of":"address","what":"commands","limit":30,"remaining":28,"retryAfter":0}""", quota, StringComparison.Ordinal);
    }

    private Task<DispatcherHost> StartAsync(Action<SessionOptions> change, bool isKeyed = false) =>
        DispatcherHost.StartAsync(plan =>
        {
            plan.Clock = _clock;
            if (isKeyed) plan.Security.Keys.Add(new KeySettings { Algorithm = "HS256", Secret = TokenMaker.Secret });
            change(plan.Session);
        });

    private string Hello(string user, string rights) =>
        $$"""{"command":"hello","token":"{{TokenMaker.Token(_clock.GetUtcNow(), user, rights)}}","seq":1}""";
}
