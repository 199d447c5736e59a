using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>Hash keys by their addresses: a version is an entity tag.</summary>
public sealed class HashTests
{
    [Theory]
    [InlineData("application/json", """{"a": 1}""", "application/json")]
    [InlineData("text/html", "<b>hi</b>", "text/plain; charset=utf-8")]
    [InlineData("image/png", "PNG", "application/octet-stream")]
    public async Task A_key_gives_back_what_was_put(string type, string body, string typeOfAnswer)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var put = await client.PutAsync("/hash/a/b", body, $"Content-Type: {type}");
        var got = await client.GetAsync("/hash/a/b");

        Assert.Equal((200, body, typeOfAnswer), (got.Status, got.Body, got.ContentType));
        Assert.Equal($"\"{put.Field("version")}\"", got.Header("ETag"));
        Assert.Equal(put.Header("ETag"), got.Header("ETag"));
    }

    [Fact]
    public async Task Text_comes_back_byte_for_byte_whatever_json_thinks_of_it()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        const string hostile = "\u0001\"\\\n</script>\u2028 grün \U0001F600";

        await client.PutAsync("/hash/k", hostile, "Content-Type: text/plain");
        await client.PostAsync("/api/set", """{"key":"half","value":"\ud800"}""");

        Assert.Equal(hostile, (await client.GetAsync("/hash/k")).Body);
        Assert.Equal("\"\\ud800\"", (await client.GetAsync("/hash/half")).Body);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_not_found()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.GetAsync("/hash/none");

        Assert.Equal(404, answer.Status);
        Assert.Equal("", answer.Header("ETag"));
        Assert.Equal("false", (await client.DeleteAsync("/hash/none")).Field("deleted").ToLowerInvariant());
    }

    [Fact]
    public async Task Who_has_the_version_is_told_that_it_still_holds()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        var tag = (await client.PutAsync("/hash/k", "one")).Header("ETag");

        foreach (var known in new[] { tag, $"W/{tag}", $"\"x\", {tag}", "*" })
        {
            var answer = await client.GetAsync("/hash/k", $"If-None-Match: {known}");
            Assert.Equal((304, "", tag), (answer.Status, answer.Body, answer.Header("ETag")));
        }

        await client.PutAsync("/hash/k", "two");
        Assert.Equal("two", (await client.GetAsync("/hash/k", $"If-None-Match: {tag}")).Body);
        Assert.Equal(404, (await client.GetAsync("/hash/none", "If-None-Match: *")).Status);
    }

    [Fact]
    public async Task A_change_under_a_condition_is_made_only_where_it_holds()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        Assert.Equal(412, (await client.PutAsync("/hash/k", "x", "If-Match: *")).Status);
        var first = await client.PutAsync("/hash/k", "one", "If-None-Match: *");
        var taken = await client.PutAsync("/hash/k", "x", "If-None-Match: *");
        var second = await client.PutAsync("/hash/k", "two", $"If-Match: {first.Header("ETag")}");
        var late = await client.PutAsync("/hash/k", "x", $"If-Match: {first.Header("ETag")}");
        Assert.Equal((200, 412, 200, 412), (first.Status, taken.Status, second.Status, late.Status));
        Assert.Equal("409", late.Field("code"));
        Assert.Equal(200, (await client.PutAsync("/hash/k", "three", "If-Match: *")).Status);

        Assert.Equal(412, (await client.DeleteAsync("/hash/k", $"If-Match: {second.Header("ETag")}")).Status);
        Assert.Equal("three", (await client.GetAsync("/hash/k")).Body);
        var tag = (await client.GetAsync("/hash/k")).Header("ETag");
        Assert.Equal("True", (await client.DeleteAsync("/hash/k", $"If-Match: {tag}")).Field("deleted"));
        Assert.Equal(404, (await client.GetAsync("/hash/k")).Status);
    }

    [Theory]
    [InlineData("If-Match: \"somebody-elses\"", 412)]
    [InlineData("If-Match: \"-1\"", 412)]
    [InlineData("If-Match: \"99999999999999999999\"", 412)]
    [InlineData("If-Match: W/\"1\"", 400)]
    [InlineData("If-Match: \"1\", \"2\"", 400)]
    [InlineData("If-Match: 1", 400)]
    [InlineData("If-None-Match: \"1\"", 400)]
    public async Task A_condition_that_cannot_be_kept_changes_nothing(string condition, int status)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        await client.PutAsync("/hash/k", "one");

        Assert.Equal(status, (await client.PutAsync("/hash/k", "two", condition)).Status);
        Assert.Equal(status, (await client.DeleteAsync("/hash/k", condition)).Status);

        Assert.Equal("one", (await client.GetAsync("/hash/k")).Body);
    }

    [Theory]
    [InlineData("?ttl=2m", "X-None: ")]
    [InlineData("?ttl=120000", "X-None: ")]
    [InlineData("", "Cache-Control: max-age=120")]
    [InlineData("?ttl=2m", "Cache-Control: max-age=7")]
    public async Task A_key_lasts_as_long_as_it_was_told_to(string query, string header)
    {
        var clock = new ManualClock();
        await using var host = await HttpHost.StartAsync(plan => plan.Clock = clock);
        using var client = await host.ClientAsync();

        await client.PutAsync("/hash/k" + query, "one", header);
        clock.Pass(TimeSpan.FromSeconds(119));
        Assert.Equal(200, (await client.GetAsync("/hash/k")).Status);
        clock.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(404, (await client.GetAsync("/hash/k")).Status);
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_sets_once()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var first = await client.PutAsync("/hash/k", "one", "Idempotency-Key: i");
        await client.PutAsync("/hash/k", "two");
        var repeat = await client.PutAsync("/hash/k", "one", "Idempotency-Key: i");

        Assert.Equal(first.Header("ETag"), repeat.Header("ETag"));
        Assert.Equal("two", (await client.GetAsync("/hash/k")).Body);
    }

    [Fact]
    public async Task Head_is_get_without_the_value()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        var tag = (await client.PutAsync("/hash/k", "twelve bytes")).Header("ETag");

        var answer = await client.AskAsync("HEAD", "/hash/k", null);

        Assert.Equal((200, "", "12", tag), (answer.Status, answer.Body, answer.Header("Content-Length"), answer.Header("ETag")));
    }

    [Fact]
    public async Task Keys_are_listed_a_page_at_a_time()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        foreach (var key in new[] { "a/1", "a/2", "a/3", "b" }) await client.PutAsync("/hash/" + key, "x");

        var first = await client.GetAsync("/hash?prefix=a/&limit=2");
        var rest = await client.GetAsync($"/hash?prefix=a/&limit=2&cursor={Uri.EscapeDataString(first.Field("cursor"))}");

        Assert.Equal("""["a/1","a/2"]""", first.Field("value"));
        Assert.Equal("""["a/3"]""", rest.Field("value"));
    }
}
