using System.Net;

namespace Signalbox.Gateways.Tests.Sse;

/// <summary>Requests that get no stream, and are told why.</summary>
public sealed class SseRequestTests
{
    private static readonly HttpClient Client = new();

    [Theory]
    [InlineData("", 760, HttpStatusCode.BadRequest)]
    [InlineData("key=news", 760, HttpStatusCode.BadRequest)]
    [InlineData("channel=", 770, HttpStatusCode.BadRequest)]
    [InlineData("channel=a%00", 770, HttpStatusCode.BadRequest)]
    [InlineData("channel=a%23", 770, HttpStatusCode.BadRequest)]
    [InlineData("channel=a&channel=b/%23/c", 770, HttpStatusCode.BadRequest)]
    public async Task A_bad_name_is_answered_before_there_is_a_stream(string query, int code, HttpStatusCode status)
    {
        await using var host = await SseHost.StartAsync();

        var (got, body) = await SendAsync(host, HttpMethod.Get, query);

        Assert.Equal((status, $"{code}"), (got, body.At("code")));
        Assert.Equal(0, host.StreamCount);
    }

    [Fact]
    public async Task More_channels_than_an_id_has_room_for_are_too_many()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Sse.MaxIdBytes = 256);

        var (status, body) = await SendAsync(host, HttpMethod.Get, string.Join('&', Enumerable.Range(0, 10).Select(n => $"channel=channel-{n}")));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "740"), (status, body.At("code")));
        Assert.Contains("256", body.At("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_channels_than_one_command_may_name_are_too_many()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Session.MaxKeys = 1);

        var (status, body) = await SendAsync(host, HttpMethod.Get, "channel=a&channel=b");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "740"), (status, body.At("code")));
    }

    [Fact]
    public async Task More_channels_than_a_connection_may_subscribe_to_are_too_many_and_it_is_said_how_many_there_may_be()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Session.MaxSubscriptions = 1);

        var (status, body) = await SendAsync(host, HttpMethod.Get, "channel=a&channel=b");

        Assert.Equal((HttpStatusCode.TooManyRequests, "429", "1"), (status, body.At("code"), body.At("remaining")));
    }

    [Fact]
    public async Task One_stream_too_many_is_told_to_come_later()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Http.MaxConnections = 1);
        await host.OpenAsync("channel=news");

        var (status, body) = await SendAsync(host, HttpMethod.Get, "channel=news");

        Assert.Equal((HttpStatusCode.TooManyRequests, "429", "0"), (status, body.At("code"), body.At("remaining")));
    }

    [Fact]
    public async Task A_channel_that_takes_no_more_members_is_refused_and_nothing_is_left_behind()
    {
        await using var host = await SseHost.StartAsync(plan => plan.Limits = plan.Limits with { Channel = plan.Limits.Channel with { MaxMembers = 1 } });
        await host.OpenAsync("channel=full");

        var (status, body) = await SendAsync(host, HttpMethod.Get, "channel=free&channel=full");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "740"), (status, body.At("code")));
        Assert.Empty(await host.PresenceAsync("free"));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task Another_method_is_told_which_is_right(string method)
    {
        await using var host = await SseHost.StartAsync();

        var response = await HeadAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(host.Address, "/sse?channel=news")));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("GET", response.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_head_request_sees_the_head_of_a_stream_and_opens_none()
    {
        await using var host = await SseHost.StartAsync();

        var response = await HeadAsync(new HttpRequestMessage(HttpMethod.Head, new Uri(host.Address, "/sse?channel=news")));

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(0, host.StreamCount);
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.NotAcceptable)]
    [InlineData("text/event-stream;q=0", HttpStatusCode.NotAcceptable)]
    [InlineData("application/json, text/*;q=0.5", HttpStatusCode.OK)]
    [InlineData("*/*", HttpStatusCode.OK)]
    public async Task Who_does_not_accept_events_gets_none(string accept, HttpStatusCode status)
    {
        await using var host = await SseHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/sse?channel=news"));
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await HeadAsync(request);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("https://example.org", HttpStatusCode.OK)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    public async Task Pages_of_other_origins_read_only_where_that_is_allowed(string origin, HttpStatusCode status)
    {
        await using var host = await SseHost.StartAsync(plan => plan.Http.AllowedOrigins.Add("https://example.org"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/sse?channel=news"));
        request.Headers.Add("Origin", origin);

        using var response = await HeadAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed));
        if (allowed is not null) Assert.Equal([origin], allowed);
    }

    [Fact]
    public async Task A_page_that_fetches_is_told_that_it_may_say_where_it_broke_off()
    {
        await using var host = await SseHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(host.Address, "/sse?channel=news"));
        request.Headers.Add("Origin", "http://localhost:3000");
        request.Headers.Add("Access-Control-Request-Headers", "last-event-id");

        var response = await HeadAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains("Last-Event-ID", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> HeadAsync(HttpRequestMessage request) =>
        Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(SseHost host, HttpMethod method, string query)
    {
        using var response = await HeadAsync(new HttpRequestMessage(method, new Uri(host.Address, "/sse?" + query)));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
