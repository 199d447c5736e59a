using System.Text.Json;
using Signalbox.Core.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>The command protocol over HTTP.</summary>
public sealed class CommandsTests
{
    [Fact]
    public async Task A_command_is_answered_with_its_reply()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var set = await client.PostAsync("/api", """{"command":"set","key":"k","value":{"a":[1]},"seq":"s-1"}""");
        var got = await client.PostAsync("/api/get", """{"key":"k","seq":7}""");

        Assert.Equal(200, set.Status);
        Assert.Equal("application/json", set.ContentType);
        Assert.StartsWith("""{"command":"set","key":"k","code":0,"message":"ok","seq":"s-1","version":""", set.Body, StringComparison.Ordinal);
        Assert.Equal("""{"a":[1]}""", got.Field("value"));
        Assert.Equal("7", got.Field("seq"));
    }

    [Theory]
    [InlineData("/api/ping", "")]
    [InlineData("/api/ping", "  \r\n")]
    [InlineData("/api/ping", "{}")]
    [InlineData("/api/ping", " { } ")]
    [InlineData("/api/ping", """{"key":null}""")]
    [InlineData("/api", """{"command":"ping"}""")]
    [InlineData("/api/", """{"command":"ping"}""")]
    public async Task A_command_needs_no_more_than_its_name(string path, string body)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.PostAsync(path, body);

        Assert.Equal(200, answer.Status);
        Assert.NotEmpty(answer.Field("time"));
    }

    [Fact]
    public async Task The_command_in_the_address_is_the_one_that_is_done()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        await client.PutAsync("/hash/k", "still here");

        var answer = await client.PostAsync("/api/get", """{"command":"deleteall","key":"k"}""");

        Assert.Equal("still here", answer.Field("value"));
    }

    [Fact]
    public async Task An_array_is_done_and_answered_in_order()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.PostAsync("/api", """
            [ {"command":"incr","key":"n","seq":1}, {"command":"nonsense","seq":2}, {"command":"incr","key":"n"},
              7, {"command":"get","key":"n","seq":3} ]
            """);

        Assert.Equal(200, answer.Status);
        Assert.Equal(["1", "", "2", "", "2"], Each(answer).Select(reply => reply.Field("value")));
        Assert.Equal(["0", "720", "0", "760", "0"], Each(answer).Select(reply => reply.Field("code")));
        Assert.Equal(["1", "2", "", "", "3"], Each(answer).Select(reply => reply.Field("seq")));
    }

    [Fact]
    public async Task The_command_in_the_address_is_that_of_each_in_the_array()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.PostAsync("/api/set", """[{"key":"a","value":1},{"key":"b","value":2}]""");

        Assert.Equal(["a", "b"], Each(answer).Select(reply => reply.Field("key")));
        Assert.Equal("2", (await client.GetAsync("/hash/b")).Body);
    }

    [Fact]
    public async Task An_array_of_nothing_is_answered_with_one()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        Assert.Equal("[]", (await client.PostAsync("/api", " [ ] ")).Body);
    }

    [Fact]
    public async Task An_answer_longer_than_its_buffers_comes_whole_and_in_order()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        await client.PutAsync("/hash/k", new string('v', 10_000));
        var commands = Enumerable.Range(0, 1000).Select(n => $"{{\"command\":\"get\",\"key\":\"k\",\"seq\":{n}}}");

        var answer = await client.PostAsync("/api", $"[{string.Join(',', commands)}]");

        Assert.Equal(Enumerable.Range(0, 1000).Select(n => $"{n}"), Each(answer).Select(reply => reply.Field("seq")));
    }

    [Fact]
    public async Task A_pop_that_waits_in_an_array_holds_up_those_behind_it()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        using var other = await host.ClientAsync();

        var waiting = client.PostAsync("/api", """
            [{"command":"qpush","key":"ready","value":1},{"command":"qpop","key":"jobs","block":true},{"command":"incr","key":"n"}]
            """);
        await other.PostAsync("/queues/ready/pop?wait=30s");
        Assert.Equal(404, (await other.GetAsync("/hash/n")).Status);
        await other.PostAsync("/queues/jobs", "work");
        var answer = await waiting;

        Assert.Equal(["qpush", "qpop", "incr"], Each(answer).Select(reply => reply.Field("command")));
        Assert.Equal(["", "work", "1"], Each(answer).Select(reply => reply.Field("value")));
        var counts = await other.GetAsync("/queues/jobs");
        Assert.Equal(("0", "0"), (counts.Field("ready"), counts.Field("leased")));
    }

    [Theory]
    [InlineData("subscribe")]
    [InlineData("unsubscribe")]
    [InlineData("hello")]
    public async Task What_is_about_a_connection_is_refused(string command)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.PostAsync($"/api/{command}", """{"key":"news","seq":1}""");

        Assert.Equal(404, answer.Status);
        Assert.Contains("connection", answer.Field("detail"), StringComparison.Ordinal);
        Assert.Equal("1", answer.Field("seq"));
        Assert.Empty(JsonDocument.Parse((await client.GetAsync("/channels")).Field("value")).RootElement.EnumerateObject());
    }

    [Fact]
    public async Task What_an_answer_reveals_is_durable()
    {
        var log = new HeldLog();
        await using var host = await HttpHost.StartAsync(plan => plan.Log = log);
        using var client = await host.ClientAsync();
        log.Flush();

        var single = client.PutAsync("/hash/a", "1");
        await log.AppendedAsync(1);
        var many = client.PostAsync("/api/set", """[{"key":"b","value":2},{"key":"c","value":3}]""");
        // Both: the second did not wait for the first to be on the disk.
        await log.AppendedAsync(3);
        Assert.False(single.IsCompleted || many.IsCompleted);
        log.Release();

        Assert.Equal(200, (await single).Status);
        Assert.Equal(["b", "c"], Each(await many).Select(reply => reply.Field("key")));
    }

    [Fact]
    public async Task A_fault_of_the_server_is_answered_without_detail()
    {
        var log = new HeldLog();
        await using var host = await HttpHost.StartAsync(plan => plan.Log = log);
        using var client = await host.ClientAsync();

        var set = client.PutAsync("/hash/a", "1");
        await log.AppendedAsync(1);
        log.Fail(new IOException("/secret/path is full"));
        var answer = await set;
        log.Release();

        Assert.Equal(500, answer.Status);
        Assert.Equal("500", answer.Field("code"));
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_is_answered_as_the_table_says()
    {
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Limits = EngineLimits.Default with { MaxKeys = 1 };
            plan.Rule("limited", new ChannelOptions { RateLimit = 1 });
        });
        using var client = await host.ClientAsync();
        await client.PostAsync("/api/set", """{"key":"a","value":1}""");
        await client.PostAsync("/api/publish", """{"key":"limited","value":1}""");

        var full = await client.PostAsync("/api/set", """{"key":"b","value":1}""");
        var fast = await client.PostAsync("/api/publish", """{"key":"limited","value":2}""");

        Assert.Equal((413, "740", "limit_exceeded"), (full.Status, full.Field("code"), full.Field("title")));
        Assert.Equal((429, "429", "0"), (fast.Status, fast.Field("code"), fast.Field("remaining")));
        var seconds = int.Parse(fast.Header("Retry-After"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(long.Parse(fast.Field("retryAfter"), System.Globalization.CultureInfo.InvariantCulture), (seconds * 1000) - 999, seconds * 1000);
    }

    private static IEnumerable<string> Each(HttpAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Bytes);
        return [.. document.RootElement.EnumerateArray().Select(reply => reply.GetRawText())];
    }
}
