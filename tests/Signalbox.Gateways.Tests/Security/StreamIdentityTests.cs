using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.TestKit;

namespace Signalbox.Gateways.Tests.Security;

/// <summary>How a stream of events, and a request that waits, say who they are, and how they are cut.</summary>
public sealed class StreamIdentityTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Client = new();

    private readonly ManualClock _clock = new();
    private HttpHost _host = null!; // Set before any test.

    public async ValueTask InitializeAsync() => _host = await HttpHost.StartAsync(plan =>
    {
        plan.Clock = _clock;
        plan.Security.Keys.Add(new() { Algorithm = "HS256", Secret = TokenMaker.Secret });
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_stream_is_opened_with_a_token_in_the_header_or_in_the_address_that_grants_its_channels()
    {
        var token = Token("anna", """{"subscribe":["news/#"]}""");

        Assert.Equal(HttpStatusCode.OK, (await OpenAsync("channel=news/1", token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await OpenAsync("channel=news/%23&token=" + token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await OpenAsync("channel=news/1&channel=chat", token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await OpenAsync("channel=%23", token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await OpenAsync("channel=news/1")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await OpenAsync("channel=news/1", "nonsense")).StatusCode);
    }

    [Fact]
    public async Task What_is_sent_to_a_user_comes_down_its_streams()
    {
        using var stream = await OpenAsync("channel=news", Token("anna", """{"subscribe":["news"]}"""));
        using var events = await EventsAsync(stream);
        await ReadEventAsync(events, "event: subscribed");

        await DoAsync("""{"command":"send","key":"anna","value":"hello"}""");

        Assert.Contains("\"value\":\"hello\"", await ReadEventAsync(events, "event: direct"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_user_has_its_stream_cut_and_cannot_open_another()
    {
        var token = Token("anna", """{"subscribe":["news"]}""");
        using var stream = await OpenAsync("channel=news", token);
        using var events = await EventsAsync(stream);
        await ReadEventAsync(events, "event: subscribed");

        Assert.Equal("1", (await DoAsync("""{"command":"revoke","key":"anna"}""")).Field("value"));

        Assert.Contains("\"reason\":\"revoked\"", await ReadEventAsync(events, "event: end"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await OpenAsync("channel=news", token)).StatusCode);
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_expires()
    {
        using var stream = await OpenAsync("channel=news", Token("anna", """{"subscribe":["news"]}"""));
        using var events = await EventsAsync(stream);
        await ReadEventAsync(events, "event: subscribed");

        _clock.Pass(TimeSpan.FromMinutes(61));

        Assert.Contains("token_expired", await ReadEventAsync(events, "event: end"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_user_does_not_go_on_waiting_for_an_item()
    {
        var token = Token("anna", """{"queue":{"push":["ready"],"pop":["jobs"]}}""");
        var popping = DoAsync(
            """[{"command":"qpush","key":"ready","value":1},{"command":"qpop","key":"jobs","block":true}]""", token);
        await DoAsync("""{"command":"qpop","key":"ready","block":true}""");

        await DoAsync("""{"command":"revoke","key":"anna"}""");

        Assert.Contains("\"code\":401", await popping.WaitAsync(Patience, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await DoAsync("""{"command":"qpush","key":"jobs","value":"kept"}""");
        Assert.Equal("kept", (await DoAsync("""{"command":"qpop","key":"jobs"}""")).Field("value"));
    }

    [Fact]
    public async Task A_request_makes_nobody_be_online()
    {
        var answer = await DoAsync("""{"command":"user","key":"anna"}""", Token("anna"));

        Assert.Equal("False", answer.Field("online"));
    }

    private string Token(string user, string rights = "{}") => TokenMaker.Token(_clock.GetUtcNow(), user, rights);

    private async Task<HttpResponseMessage> OpenAsync(string query, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_host.Address, "/sse?" + query));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private async Task<string> DoAsync(string body, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Address, "/api"));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token("root", """{"admin":true}"""));
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<StreamReader> EventsAsync(HttpResponseMessage response) =>
        new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

    /// <summary>The data of the next event of this kind; what comes before is passed over.</summary>
    private static async Task<string> ReadEventAsync(StreamReader events, string line)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await events.ReadLineAsync(patience.Token) is { } read)
        {
            if (read == line) return await events.ReadLineAsync(patience.Token) ?? "";
        }

        throw new EndOfStreamException($"The stream ended before '{line}'.");
    }
}
