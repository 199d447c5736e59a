using Signalbox.Gateways.Tests.Driving;

namespace Signalbox.Gateways.Tests.Http;

/// <summary>Which pages may use the server, and that their browsers are told.</summary>
public sealed class CrossOriginTests
{
    private const string Page = "https://example.org";

    [Fact]
    public async Task A_page_from_elsewhere_changes_nothing_however_simple_its_request()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        foreach (var origin in new[] { Page, "null", "http://127.0.0.1.example.org" })
        {
            var answer = await client.PostAsync("/api/set", """{"key":"k","value":1}""", $"Origin: {origin}", "Content-Type: text/plain");
            Assert.Equal((403, ""), (answer.Status, answer.Header("Access-Control-Allow-Origin")));
        }

        Assert.Equal(404, (await client.GetAsync("/hash/k")).Status);
    }

    [Fact]
    public async Task A_page_that_is_allowed_may_read_the_answers_and_their_headers()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Http.AllowedOrigins.Add(Page));
        using var client = await host.ClientAsync();

        var put = await client.PutAsync("/hash/k", "x", $"Origin: {Page}");
        var none = await client.GetAsync("/hash/none", $"Origin: {Page}");

        foreach (var answer in new[] { put, none })
        {
            Assert.Equal(Page, answer.Header("Access-Control-Allow-Origin"));
            Assert.Equal("ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset", answer.Header("Access-Control-Expose-Headers"));
            Assert.Equal("Origin", answer.Header("Vary"));
        }
    }

    [Fact]
    public async Task A_browser_that_asks_first_is_told_what_it_may_send()
    {
        await using var host = await HttpHost.StartAsync(plan => plan.Http.AllowedOrigins.Add(Page));
        using var client = await host.ClientAsync();
        string[] asks = ["Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: if-match,content-type"];

        var allowed = await client.AskAsync("OPTIONS", "/hash/k", null, [$"Origin: {Page}", .. asks]);
        var refused = await client.AskAsync("OPTIONS", "/hash/k", null, ["Origin: https://example.com", .. asks]);

        Assert.Equal((204, Page), (allowed.Status, allowed.Header("Access-Control-Allow-Origin")));
        Assert.Equal("GET, HEAD, PUT, DELETE, OPTIONS", allowed.Header("Access-Control-Allow-Methods"));
        Assert.Equal("if-match,content-type", allowed.Header("Access-Control-Allow-Headers"));
        Assert.Equal((403, ""), (refused.Status, refused.Header("Access-Control-Allow-Methods")));
    }

    [Fact]
    public async Task Who_only_asks_what_can_be_done_is_told()
    {
        await using var host = await HttpHost.StartAsync();
        using var client = await host.ClientAsync();

        var answer = await client.AskAsync("OPTIONS", "/queues/jobs/pop", null);

        Assert.Equal((204, "POST, OPTIONS", ""), (answer.Status, answer.Header("Allow"), answer.Header("Access-Control-Allow-Methods")));
    }
}
