using System.Globalization;
using System.Text.RegularExpressions;
using Signalbox.Core.Channels;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>Channels by their addresses.</summary>
public sealed class ChannelsTests
{
    [Theory]
    [InlineData("application/json", """{"a": 1}""", "\"value\":{\"a\": 1}")]
    [InlineData("application/vnd.x+json; charset=utf-8", "[1]", "\"value\":[1]")]
    [InlineData("application/json", "\"hello\"", "\"value\":\"hello\"")]
    [InlineData("text/plain", "{\"a\":1}", """ "value":"{\"a\":1}" """)]
    [InlineData("text/csv; charset=utf-8", "a,b\n", """ "value":"a,b\n" """)]
    [InlineData("application/octet-stream", "abc", """ "value":"YWJj","encoding":"base64" """)]
    [InlineData("image/png", "", """ "value":"","encoding":"base64" """)]
    [InlineData("application/x-www-form-urlencoded", "hello", """ "value":"hello" """)]
    [InlineData("application/x-www-form-urlencoded", "{\"a\":1}", """ "value":{"a":1} """)]
    public async Task The_body_is_published_as_what_it_is_said_to_be(string type, string body, string expected)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var published = await client.PostAsync("/channels/news", body, $"Content-Type: {type}");

        Assert.Equal("1", published.Field("offset"));
        Assert.Contains(expected.Trim(), (await client.GetAsync("/channels/news")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x7B, 0x7D }, "\"value\":{}")]
    [InlineData(new byte[] { 0x68, 0x69 }, "\"value\":\"hi\"")]
    [InlineData(new byte[] { 0xFF, 0x00 }, """ "value":"/wA=","encoding":"base64" """)]
    public async Task A_body_of_which_nothing_is_said_is_what_its_bytes_are(byte[] body, string expected)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        await client.AskAsync("POST", "/channels/news", body);

        Assert.Contains(expected.Trim(), (await client.GetAsync("/channels/news")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/channels/a/b/c", "a/b/c")]
    [InlineData("/channels/a%2Fb%2fc", "a/b/c")]
    [InlineData("/channels/gr%C3%BCn%20%22x%22", "grün \"x\"")]
    [InlineData("/channels/a/", "a/")]
    [InlineData("/channels/100%25", "100%")]
    public async Task Names_are_what_the_address_says(string path, string name)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.PostAsync(path, "hello");

        Assert.Equal(name, answer.Field("key"));
    }

    [Fact]
    public async Task Headers_and_sender_go_with_the_message()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        await client.PostAsync("/channels/news", "hello", "Signalbox-Header-Trace: t-1", "Signalbox-Header-Lang: d\"e", "X-Other: no");
        var history = (await client.GetAsync("/channels/news")).Body;

        Assert.Contains(""" "user":{"trace":"t-1","lang":"d\"e"} """.Trim(), history, StringComparison.Ordinal);
        Assert.Contains("\"source\":\"127.0.0.1:", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_is_published_once()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var first = await client.PostAsync("/channels/news", "hello", "Idempotency-Key: k-1");
        var repeat = await client.PostAsync("/channels/news", "hello", "Idempotency-Key: k-1");
        var other = await client.PostAsync("/channels/news", "hello", "Idempotency-Key: k-2");

        Assert.Equal(["1", "1", "2"], new[] { first, repeat, other }.Select(answer => answer.Field("offset")));
    }

    [Fact]
    public async Task History_is_read_from_where_one_was()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        foreach (var text in new[] { "one", "two", "three" }) await client.PostAsync("/channels/news", text);
        var epoch = (await client.GetAsync("/channels/news")).Field("epoch");

        Assert.Equal(["2", "3"], await OffsetsAsync($"?since=1&epoch={epoch}"));
        Assert.Equal(["2"], await OffsetsAsync("?since=1&limit=1"));
        Assert.Equal(["3", "2", "1"], await OffsetsAsync("?reverse=true"));
        Assert.Equal(["3"], await OffsetsAsync("?reverse&limit=1"));
        Assert.Equal(410, (await client.GetAsync("/channels/news?since=1&epoch=other")).Status);

        async Task<string[]> OffsetsAsync(string query)
        {
            var answer = await client.GetAsync("/channels/news" + query);
            using var value = System.Text.Json.JsonDocument.Parse(answer.Field("value"));
            return [.. value.RootElement.EnumerateArray().Select(message => message.GetProperty("offset").ToString())];
        }
    }

    [Fact]
    public async Task Long_messages_are_read_in_portions_and_nothing_is_left_out()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Session.MaxListedBytes = 250);
        using var client = await host.ClientAsync();
        foreach (var length in new[] { 100, 100, 300, 10, 250 }) await client.PostAsync("/channels/news", new string('x', length));

        var portions = new List<string>();
        for (HttpAnswer page = await PageAsync(0); ; page = await PageAsync(long.Parse(portions[^1].Split(',')[^1], CultureInfo.InvariantCulture)))
        {
            portions.Add(string.Join(',', Regex.Matches(page.Body, "{\"offset\":(\\d+)").Select(match => match.Groups[1].Value)));
            if (page.Body.Contains("\"complete\":true", StringComparison.Ordinal)) break;
        }

        Assert.Equal(["1,2", "3", "4", "5"], portions);
        Task<HttpAnswer> PageAsync(long since) => client.GetAsync($"/channels/news?since={since}");
    }

    [Fact]
    public async Task Who_publishes_too_fast_is_told_when_to_come_back()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Rule("limited", new ChannelOptions { RateLimit = 1 }));
        using var client = await host.ClientAsync();
        await client.PostAsync("/channels/limited", "one");

        var answer = await client.PostAsync("/channels/limited", "two");

        Assert.Equal(429, answer.Status);
        Assert.Equal("60", answer.Header("Retry-After"));
    }

    [Fact]
    public async Task What_is_published_reaches_subscribers_and_a_retained_one_stays()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        await client.PostAsync("/channels/state?retain=true", "on");

        var subscriber = new Signalbox.Engine.Channels.EnterRequest(null, null);
        var entered = await host.Engine.Channel("state").EnterAsync(subscriber, TestContext.Current.CancellationToken);
        Assert.Equal("on", System.Text.Encoding.UTF8.GetString(entered.Retained!.Payload.Bytes.Span)); // It was retained.
    }

    [Fact]
    public async Task A_filter_is_no_channel_to_publish_to_and_the_systems_are_not_written()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        Assert.Equal(400, (await client.PostAsync("/channels/a/%23", "x")).Status);
        Assert.Equal(400, (await client.PostAsync("/channels/a/+", "x")).Status);
        Assert.Equal(403, (await client.PostAsync("/channels/$kv/k", "x")).Status);
        Assert.Equal(400, (await client.PostAsync("/channels/a%0Ab", "x")).Status);
        Assert.Equal(400, (await client.PostAsync("/channels/" + new string('n', 256), "x")).Status);
    }
}
