using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>What is wrong with a request is said, and does no harm.</summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData("/api", "", 400, "730")]
    [InlineData("/api", "{}", 400, "730")]
    [InlineData("/api", "hello", 400, "760")]
    [InlineData("/api", "7", 400, "760")]
    [InlineData("/api", "null", 400, "760")]
    [InlineData("/api", """{"command":"ping"}{}""", 400, "760")]
    [InlineData("/api", """{"command":"ping"} x""", 400, "760")]
    [InlineData("/api", """{"command":"ping" """, 400, "760")]
    [InlineData("/api", """{"seq":1}""", 400, "710")]
    [InlineData("/api", """{"command":"nonsense"}""", 404, "720")]
    [InlineData("/api", """{"command":"get","key":""}""", 400, "770")]
    [InlineData("/api", """{"command":"ping","seq":[]}""", 400, "760")]
    [InlineData("/api", "[", 400, "760")]
    [InlineData("/api", "[{\"command\":\"incr\",\"key\":\"n\"},", 400, "760")]
    [InlineData("/api", "[{\"command\":\"incr\",\"key\":\"n\"}]]", 400, "760")]
    [InlineData("/api", "[{\"command\":\"incr\",\"key\":\"n\"},]", 400, "760")]
    [InlineData("/api/get", """{"key":"k"}}""", 400, "760")]
    [InlineData("/api/get", """{"key":"k",}""", 400, "760")]
    [InlineData("/api/get", "{\"key\":\"k}", 400, "760")]
    [InlineData("/api/get", "{\"key\":\"}", 400, "760")]
    [InlineData("/api/get", "}", 400, "760")]
    [InlineData("/api/get", "k=v", 400, "760")]
    [InlineData("/api/g%22et", "{}", 404, "720")]
    [InlineData("/api/get/more", "{}", 404, "720")]
    [InlineData("/api/qpop", """{"key":"$other"}""", 403, "403")]
    public async Task A_body_that_is_no_command_is_refused(string path, string body, int status, string code)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.PostAsync(path, body);

        Assert.Equal((status, code), (answer.Status, answer.Field("code")));
        Assert.Equal(404, (await client.GetAsync("/hash/n")).Status);
    }

    [Theory]
    [InlineData("1,\"key\":\"other\"")]
    [InlineData("1}{\"a\":1")]
    [InlineData("1 2")]
    [InlineData("{\"a\":1")]
    [InlineData("nul")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("// x\n1")]
    public async Task A_body_that_is_said_to_be_json_and_is_not_goes_nowhere(string body)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        Assert.Equal(400, (await client.PutAsync("/hash/k", body, "Content-Type: application/json")).Status);

        Assert.Equal("0", (await client.PostAsync("/api/count")).Field("value"));
    }

    [Fact]
    public async Task Text_that_is_no_utf8_is_refused_and_a_type_that_is_none_too()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        Assert.Equal(400, (await client.AskAsync("PUT", "/hash/k", [0xE9], "Content-Type: text/plain; charset=iso-8859-1")).Status);
        Assert.Equal(400, (await client.AskAsync("PUT", "/hash/k", [0x41], "Content-Type: nonsense")).Status);
        Assert.Equal(415, (await client.AskAsync("PUT", "/hash/k", [0x41], "Content-Encoding: gzip")).Status);
        Assert.Equal(400, (await client.AskAsync("POST", "/api", Encoding.Latin1.GetBytes("{\"command\":\"ping\",\"seq\":\"\xE9\"}"))).Status);
    }

    [Fact]
    public async Task Json_as_deep_as_allowed_is_taken_and_one_deeper_is_not()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        Assert.Equal(200, (await client.PostAsync("/api/set", $"[{Set(63)}]")).Status);
        Assert.Equal(200, (await client.PostAsync("/api/set", Set(63))).Status);
        Assert.Equal(400, (await client.PostAsync("/api/set", Set(64))).Status);
        Assert.Equal(400, (await client.PutAsync("/hash/k", Deep(100_000), "Content-Type: application/json")).Status);
        Assert.Equal(400, (await client.PostAsync("/api", Deep(100_000))).Status);

        static string Set(int depth) => $"{{\"key\":\"k\",\"value\":{Deep(depth)}}}";
        static string Deep(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Theory]
    [InlineData("GET", "/queues/jobs/pop", "POST, OPTIONS")]
    [InlineData("GET", "/api/ping", "POST, OPTIONS")]
    [InlineData("PATCH", "/hash/k", "GET, HEAD, PUT, DELETE, OPTIONS")]
    [InlineData("POST", "/hash", "GET, HEAD, OPTIONS")]
    [InlineData("DELETE", "/", "GET, HEAD, OPTIONS")]
    public async Task A_method_that_is_not_for_this_address_is_told_which_are(string method, string path, string allowed)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.AskAsync(method, path, null);

        Assert.Equal((405, allowed), (answer.Status, answer.Header("Allow")));
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/favicon.ico")]
    [InlineData("/openapi.json/more")]
    public async Task An_address_that_is_none_is_not_found(string path)
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        Assert.Equal(404, (await client.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_body_is_as_long_as_allowed_and_no_longer_announced_or_not()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Http.MaxBodyBytes = 1000);
        using var client = await host.ClientAsync();

        Assert.Equal(200, (await client.PutAsync("/hash/k", new string('x', 1000))).Status);
        Assert.Equal(413, (await client.PutAsync("/hash/k", new string('x', 1001))).Status);
        Assert.Equal(413, (await client.PostAsync("/api", new string(' ', 1001))).Status);

        using var promising = await host.RawAsync();
        await promising.SendAsync("PUT /hash/k HTTP/1.1\nContent-Length: 1000000000000\nConnection: close");
        Assert.StartsWith("HTTP/1.1 413", await promising.ReadAsync(12), StringComparison.Ordinal);
        using var chunked = await host.RawAsync();
        await chunked.SendAsync("PUT /hash/k HTTP/1.1\nTransfer-Encoding: chunked", $"3e8\r\n{new string('x', 1000)}\r\n1\r\nx\r\n");
        Assert.StartsWith("HTTP/1.1 413", await chunked.ReadAsync(12), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_not_waited_for()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.BodyRate = new MinDataRate(1_000_000, TimeSpan.FromSeconds(1.1)));
        using var slow = await host.RawAsync();

        await slow.SendAsync("PUT /hash/k HTTP/1.1\nContent-Length: 10", "12345");
        var answer = await slow.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT /hash/k HTTP/1.1\nTransfer-Encoding: chunked", "zz\r\n")]
    [InlineData("PUT /hash/k HTTP/1.1\nContent-Length: x", "")]
    [InlineData("PUT /hash/k", "")]
    [InlineData("PUT /hash/k\0 HTTP/1.1", "")]
    public async Task A_request_that_is_none_is_refused(string head, string body)
    {
        await using var host = await HttpHost.StartAsync();
        using var raw = await host.RawAsync();
        using var client = await host.ClientAsync();

        await raw.SendAsync(head, body);

        Assert.StartsWith("HTTP/1.1 400", await raw.ReadAsync(12), StringComparison.Ordinal);
        Assert.Equal(200, (await client.GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task Half_a_body_sets_nothing()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();
        using var raw = await host.RawAsync();
        await raw.SendAsync("PUT /hash/k HTTP/1.1\nContent-Length: 10", "12345");

        raw.Kill();

        await client.PostAsync("/api/ping");
        Assert.Equal(404, (await client.GetAsync("/hash/k")).Status);
    }
}
