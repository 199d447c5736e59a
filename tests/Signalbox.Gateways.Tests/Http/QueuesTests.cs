using System.Text.RegularExpressions;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>Queues by their addresses.</summary>
public sealed class QueuesTests
{
    [Fact]
    public async Task What_is_pushed_is_popped_the_best_first()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        await client.PostAsync("/queues/jobs/today", "low", "Signalbox-Header-Trace: t");
        await client.PostAsync("/queues/jobs/today?priority=5", """{"a":1}""");
        await client.PostAsync("/queues/jobs/today?priority=-5", "lowest");
        var counted = await client.GetAsync("/queues/jobs/today");
        var first = await client.PostAsync("/queues/jobs/today/pop");
        var second = await client.PostAsync("/queues/jobs/today/pop");

        Assert.Equal(("3", "3"), (counted.Field("value"), counted.Field("ready")));
        Assert.Equal("""{"a":1}""", first.Field("value"));
        Assert.Equal(("low", """{"trace":"t"}"""), (second.Field("value"), second.Field("user")));
        Assert.Equal("1", (await client.GetAsync("/queues/jobs/today")).Field("value"));
        Assert.Equal("1", (await client.DeleteAsync("/queues/jobs/today")).Field("value"));
    }

    [Fact]
    public async Task Nothing_to_pop_is_no_content()
    {
        var clock = new ManualClock();
        await using var host = await HttpHost.StartAsync(plan => plan.Clock = clock);
        using var client = await host.ClientAsync();
        using var other = await host.ClientAsync();

        Assert.Equal((204, ""), (await EmptyAsync("")));
        Assert.Equal((204, ""), (await EmptyAsync("?wait=0")));
        // Its pop waits from soon after the first item came: time passes until it has waited long enough.
        var waiting = client.PostAsync("/api", """
            [{"command":"qpush","key":"ready","value":1},{"command":"qpop","key":"jobs","block":true,"timeout":30000}]
            """);
        await other.PostAsync("/queues/ready/pop?wait=10m");
        while (!waiting.IsCompleted) clock.Pass(TimeSpan.FromSeconds(30));
        Assert.Contains("\"value\":null", (await waiting).Body, StringComparison.Ordinal);

        async Task<(int, string)> EmptyAsync(string query)
        {
            var answer = await client.PostAsync("/queues/jobs/pop" + query);
            return (answer.Status, answer.Body);
        }
    }

    [Fact]
    public async Task A_pop_that_waits_is_answered_when_there_is_an_item()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        using var other = await host.ClientAsync();

        var waiting = client.PostAsync("/queues/jobs/pop?wait=30s&reserve=60s");
        await other.PostAsync("/queues/jobs", "work");
        var popped = await waiting;

        Assert.Equal("work", popped.Field("value"));
        Assert.NotEmpty(popped.Field("receipt"));
    }

    [Fact]
    public async Task A_reserved_item_is_acknowledged_given_back_or_kept_for_longer()
    {
        var clock = new ManualClock();
        await using var host = await HttpHost.StartAsync(plan => plan.Clock = clock);
        using var client = await host.ClientAsync();
        await client.PostAsync("/queues/jobs", "work");

        var first = (await client.PostAsync("/queues/jobs/pop?reserve=30s")).Field("receipt");
        Assert.Equal(200, (await client.PostAsync($"/queues/jobs/nack?receipt={first}&delay=5s")).Status);
        Assert.Equal(204, (await client.PostAsync("/queues/jobs/pop?reserve=30s")).Status);
        clock.Pass(TimeSpan.FromSeconds(5));
        var second = await client.PostAsync("/queues/jobs/pop?reserve=30s");
        Assert.Equal("2", second.Field("attempts"));
        Assert.Equal(409, (await client.PostAsync($"/queues/jobs/ack?receipt={first}")).Status);

        Assert.Equal(200, (await client.PostAsync($"/queues/jobs/extend?receipt={second.Field("receipt")}&reserve=1m")).Status);
        clock.Pass(TimeSpan.FromSeconds(59));
        Assert.Equal(200, (await client.PostAsync($"/queues/jobs/ack?receipt={second.Field("receipt")}")).Status);
        Assert.Equal("0", (await client.GetAsync("/queues/jobs")).Field("leased"));
    }

    [Fact]
    public async Task Items_wait_last_and_are_pushed_once_as_they_are_told_to()
    {
        var clock = new ManualClock();
        await using var host = await HttpHost.StartAsync(plan => plan.Clock = clock);
        using var client = await host.ClientAsync();

        await client.PostAsync("/queues/jobs?delay=10s", "later");
        await client.PostAsync("/queues/jobs?ttl=5s", "short");
        await client.PostAsync("/queues/jobs", "once", "Idempotency-Key: i");
        await client.PostAsync("/queues/jobs", "once", "Idempotency-Key: i");
        clock.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal("later", (await client.PostAsync("/queues/jobs/pop")).Field("value"));
        Assert.Equal("once", (await client.PostAsync("/queues/jobs/pop")).Field("value"));
        Assert.Equal(204, (await client.PostAsync("/queues/jobs/pop")).Status);
    }

    [Theory]
    [InlineData(300, "1,2")]
    [InlineData(50, "1")]
    public async Task Looking_at_long_items_shows_the_first_of_them(int mostBytes, string seen)
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Session.MaxListedBytes = mostBytes);
        using var client = await host.ClientAsync();
        foreach (var first in new[] { 1, 2, 3 }) await client.PostAsync("/queues/jobs", $"[{first},\"{new string('x', 100)}\"]");

        var answer = await client.PostAsync("/api/qpeek", """{"key":"jobs","limit":10}""");

        Assert.Equal(seen, string.Join(',', Regex.Matches(answer.Body, "\\[(\\d),").Select(match => match.Groups[1].Value)));
    }

    [Fact]
    public async Task Dead_letters_are_a_queue()
    {
        await using var host = await HttpHost.StartAsync(plan =>
            plan.Limits = plan.Limits with { Queue = plan.Limits.Queue with { MaxAttempts = 1 } });
        using var client = await host.ClientAsync();
        await client.PostAsync("/queues/jobs", "poison");
        var receipt = (await client.PostAsync("/queues/jobs/pop?reserve=30s")).Field("receipt");
        await client.PostAsync($"/queues/jobs/nack?receipt={receipt}");

        Assert.Equal("""{"jobs":{"ready":0,"delayed":0,"leased":0,"dead":1}}""", (await client.GetAsync("/queues")).Field("value"));
        Assert.Equal("poison", (await client.PostAsync("/queues/$dead/jobs/pop")).Field("value"));
    }

    [Theory]
    [InlineData("wait=soon")]
    [InlineData("wait=-1")]
    [InlineData("wait=1.5s")]
    [InlineData("wait=30s&wait=40s")]
    [InlineData("wait=9999999999999999999s")]
    [InlineData("wait=9999999999999999s")]
    [InlineData("reserved=60s")]
    [InlineData("reserve=0")]
    [InlineData("reserve=")]
    public async Task A_pop_that_is_not_understood_takes_nothing(string query)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        await client.PostAsync("/queues/jobs", "work");

        Assert.Equal(400, (await client.PostAsync("/queues/jobs/pop?" + query)).Status);

        Assert.Equal("1", (await client.GetAsync("/queues/jobs")).Field("ready"));
    }

    [Fact]
    public async Task A_server_that_stops_sends_poppers_away()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        using var other = await host.ClientAsync();
        var many = client.PostAsync("/api", """
            [{"command":"qpush","key":"ready","value":1},{"command":"qpop","key":"jobs","block":true},{"command":"incr","key":"n"}]
            """);
        await other.PostAsync("/queues/ready/pop?wait=30s");
        var one = other.PostAsync("/queues/jobs/pop?wait=30s");

        // Before the poppers would have gone by themselves, and before the host would have given up.
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(25), TestContext.Current.CancellationToken);

        Assert.Equal(2, (await many).Body.Split("\"code\":503").Length - 1);
        // Whether it was still on its way is a matter of luck.
        if (await Record.ExceptionAsync(() => one) is not null) return;
        Assert.Equal((503, "503"), ((await one).Status, (await one).Field("code")));
        Assert.NotEmpty((await one).Header("Retry-After"));
    }
}
