using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>What responses say of limits.</summary>
public sealed class RateLimitTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_response_says_how_the_channels_limit_stands_and_when_to_come_back()
    {
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Clock = _clock;
            plan.Rule("limited", new ChannelOptions { RateLimit = 2, RateWindow = TimeSpan.FromMinutes(1) });
        });
        using var client = await host.ClientAsync();

        var first = await client.PostAsync("/channels/limited", "1");
        await client.PostAsync("/channels/limited", "1");
        var refused = await client.PostAsync("/channels/limited", "1");

        Assert.Equal((200, "2 1 60"), (first.Status, Limits(first)));
        Assert.Equal((429, "2 0 60"), (refused.Status, Limits(refused)));
        Assert.Equal("60", refused.Header("Retry-After"));
        Assert.Equal("0", refused.Field("remaining"));
    }

    [Fact]
    public async Task A_response_says_how_the_addresss_limit_stands()
    {
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Clock = _clock;
            plan.Session.PerAddress.CommandsPerSecond = 4;
        });
        using var client = await host.ClientAsync();

        var first = await client.GetAsync("/hash/a");
        var batch = await client.PostAsync("/api", """[{"command":"ping"},{"command":"ping"}]""");

        Assert.Equal("4 3 1", Limits(first));
        Assert.Equal("4 1 1", Limits(batch));
        Assert.Equal(200, (await client.PostAsync("/api/ping")).Status);
        var refused = await client.PostAsync("/api/ping");
        Assert.Equal((429, "4 0 1", "1"), (refused.Status, Limits(refused), refused.Header("Retry-After")));
    }

    [Fact]
    public async Task Of_several_limits_the_nearest_is_said()
    {
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Clock = _clock;
            plan.Session.PerAddress.CommandsPerSecond = 10;
            plan.Rule("limited", new ChannelOptions { RateLimit = 2 });
        });
        using var client = await host.ClientAsync();

        Assert.Equal("2 1 60", Limits(await client.PostAsync("/channels/limited", "1")));
        Assert.Equal("10 8 1", Limits(await client.PostAsync("/channels/free", "1")));
    }

    [Fact]
    public async Task Where_nothing_is_limited_nothing_is_said()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        Assert.Equal("  ", Limits(await client.PostAsync("/channels/free", "1")));
    }

    [Fact]
    public async Task A_connection_too_many_of_an_address_is_too_many_requests()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Session.MaxConnectionsPerAddress = 1);
        using var client = await host.ClientAsync();
        var other = await host.ConnectAsync();
        await other.AskAsync("""{"command":"ping","seq":1}""");

        var refused = await client.PostAsync("/api/ping");

        Assert.Equal((429, "429", "0", "1"), (refused.Status, refused.Field("code"), refused.Field("remaining"), refused.Header("Retry-After")));
    }

    private static string Limits(HttpAnswer answer) =>
        $"{answer.Header("X-RateLimit-Limit")} {answer.Header("X-RateLimit-Remaining")} {answer.Header("X-RateLimit-Reset")}";
}
