using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Tests.Security;
using Signalbox.Gateways.Tests.Sse;

namespace Signalbox.Gateways.Tests.Hooks;

/// <summary>What a backend says counts, on every protocol.</summary>
public sealed class HookTests
{
    private const string Yes = """{"allow":true}""";
    private const string No = """{"allow":false,"reason":"not today"}""";
    private const string Subscribe = """{"command":"subscribe","key":"news","seq":1}""";
    private const string Publish = """{"command":"publish","key":"news","value":"hello","headers":{"a":"b"},"seq":2}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_may_not_connect_is_told_why_and_closed(bool isWebSocket)
    {
        await using var backend = await HookServer.StartAsync(No);
        await using var port = await Port.StartAsync(isWebSocket, plan => plan.Hooks.Connect = backend.Url);

        var client = await port.ConnectAsync();
        var end = await client.ReadAsync("why it ended");

        Assert.Equal(("403", "not today", "forbidden"), (end.Field("code"), end.Field("message"), end.Field("reason")));
        var question = await backend.AskedAsync();
        Assert.Equal(("connect", isWebSocket ? "ws" : "tcp"), (question.Field("hook"), question.Field("protocol")));
        Assert.StartsWith("127.0.0.1:", question.Field("peer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_connect_gets_neither_a_stream_nor_an_answer()
    {
        await using var backend = await HookServer.StartAsync(No);
        await using var streams = await SseHost.StartAsync(plan => plan.Hooks.Connect = backend.Url);
        await using var host = await HttpHost.StartAsync(plan => plan.Hooks.Connect = backend.Url);
        using var plain = new HttpClient();
        using var http = await host.ClientAsync();

        var stream = await plain.GetAsync(new Uri(streams.Address, "/sse?channel=news"), TestContext.Current.CancellationToken);
        var answer = await http.PostAsync("/channels/news", "1");

        Assert.Equal(403, (int)stream.StatusCode);
        Assert.Contains("not today", await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal((403, "not today"), (answer.Status, answer.Field("detail")));
        Assert.Equal("sse", (await backend.AskedAsync()).Field("protocol"));
        Assert.Equal("http", (await backend.AskedAsync()).Field("protocol"));
    }

    [Fact]
    public async Task The_backend_may_say_who_somebody_is_and_what_they_may_do()
    {
        await using var backend = await HookServer.StartAsync("""{"allow":true,"user":"anna","rights":{"publish":["mine/#"]}}""");
        await using var port = await Port.StartAsync(isWebSocket: true, plan => plan.Hooks.Connect = backend.Url);
        var client = await port.ConnectAsync();

        Assert.Equal("True", (await client.AskAsync("""{"command":"user","key":"anna","seq":1}""")).Field("online"));
        Assert.Equal("0", (await client.AskAsync("""{"command":"publish","key":"mine/a","value":1,"seq":1}""")).Field("code"));
        Assert.Equal("403", (await client.AskAsync("""{"command":"publish","key":"other","value":1,"seq":1}""")).Field("code"));
    }

    [Fact]
    public async Task Somebody_who_has_to_say_who_they_are_is_asked_about_when_they_have()
    {
        await using var backend = await HookServer.StartAsync(question =>
            Task.FromResult((200, question.Field("user") == "anna" ? Yes : No)));
        await using var port = await Port.StartAsync(isWebSocket: false, plan =>
        {
            plan.Hooks.Connect = backend.Url;
            plan.Security.Keys.Add(new KeySettings { Algorithm = "HS256", Secret = TokenMaker.Secret });
        });

        Assert.Equal("0", (await HelloAsync(port, "anna")).Field("code"));
        Assert.Equal("403", (await HelloAsync(port, "bert")).Field("code"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_may_not_be_published_is_not_and_what_may_be_is(bool isWebSocket)
    {
        await using var backend = await HookServer.StartAsync(question =>
            Task.FromResult((200, question.Field("value") == "hello" ? No : Yes)));
        await using var port = await Port.StartAsync(isWebSocket, plan => plan.Hooks.Publish = backend.Url);
        var client = await port.ConnectAsync();

        var refused = await client.AskAsync(Publish);
        var allowed = await client.AskAsync("""{"command":"publish","key":"news","value":{"x":1},"seq":3}""");

        Assert.Equal(("403", "not today", "2"), (refused.Field("code"), refused.Field("message"), refused.Field("seq")));
        Assert.Equal(("0", "1"), (allowed.Field("code"), allowed.Field("offset")));
        var question = await backend.AskedAsync();
        Assert.Equal(("publish", "news", """{"a":"b"}"""), (question.Field("hook"), question.Field("channel"), question.Field("headers")));
        Assert.Equal("""{"x":1}""", (await backend.AskedAsync()).Field("value"));
    }

    [Fact]
    public async Task What_is_published_by_request_is_asked_about_too_and_none_of_several_channels_has_what_one_may_not()
    {
        await using var backend = await HookServer.StartAsync(question =>
            Task.FromResult((200, question.Field("channel") == "bad" ? No : Yes)));
        await using var host = await HttpHost.StartAsync(plan => plan.Hooks.Publish = backend.Url);
        using var http = await host.ClientAsync();

        Assert.Equal(403, (await http.PostAsync("/channels/bad", "1")).Status);
        Assert.Equal(403, (await http.PostAsync("/api/publish", """{"key":["good","bad"],"value":1}""")).Status);

        Assert.Equal("[]", (await http.GetAsync("/channels/good")).Field("value"));
        Assert.Equal(200, (await http.PostAsync("/channels/good", "1")).Status);
    }

    [Fact]
    public async Task The_backend_may_change_what_is_published()
    {
        await using var backend = await HookServer.StartAsync("""{"allow":true,"value":{"clean":true},"headers":{"by":"backend"}}""");
        await using var port = await Port.StartAsync(isWebSocket: true, plan => plan.Hooks.Publish = backend.Url);
        var client = await port.ConnectAsync();
        await client.AskAsync(Subscribe);

        await client.SendAsync("""{"command":"publish","key":"news","value":"dirty"}""");
        var message = await client.ReadAsync("the message");

        Assert.Equal(("""{"clean":true}""", """{"by":"backend"}"""), (message.Field("value"), message.Field("user")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_may_not_be_subscribed_to_is_not(bool isWebSocket)
    {
        await using var backend = await HookServer.StartAsync(question =>
            Task.FromResult((200, question.Field("channel") == "open" ? Yes : No)));
        await using var port = await Port.StartAsync(isWebSocket, plan => plan.Hooks.Subscribe = backend.Url);
        var client = await port.ConnectAsync();

        var refused = await client.AskAsync("""{"command":"subscribe","key":["open","news"],"seq":1}""");
        var allowed = await client.AskAsync("""{"command":"subscribe","key":"open","seq":2}""");

        Assert.Equal(("403", "not today"), (refused.Field("code"), refused.Field("message")));
        Assert.Equal("""["open"]""", allowed.Field("key"));
    }

    [Fact]
    public async Task A_stream_of_what_may_not_be_read_is_refused_and_one_may_begin_where_the_backend_says()
    {
        await using var backend = await HookServer.StartAsync(question =>
            Task.FromResult((200, question.Field("channel") == "open" ? """{"allow":true,"since":0}""" : No)));
        await using var host = await SseHost.StartAsync(plan => plan.Hooks.Subscribe = backend.Url);
        await host.PublishAsync("open", "before");
        using var plain = new HttpClient();

        var refused = await plain.GetAsync(new Uri(host.Address, "/sse?channel=news"), TestContext.Current.CancellationToken);
        var reader = await host.OpenAsync("channel=open");

        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Equal("before", (await reader.ReadAsync("message", "what was before")).At("value"));
    }

    [Fact]
    public async Task Only_the_channels_of_the_settings_are_asked_about_and_every_filter_where_there_are_such()
    {
        await using var backend = await HookServer.StartAsync(No);
        await using var port = await Port.StartAsync(isWebSocket: true, plan =>
        {
            plan.Hooks.Subscribe = plan.Hooks.Publish = backend.Url;
            plan.Hooks.SubscribeChannels = ["chat/#"];
            plan.Hooks.PublishChannels = ["chat/#"];
        });
        var client = await port.ConnectAsync();

        Assert.Equal("0", (await client.AskAsync(Subscribe)).Field("code"));
        Assert.Equal("403", (await client.AskAsync("""{"command":"subscribe","key":"chat/a","seq":1}""")).Field("code"));
        Assert.Equal("403", (await client.AskAsync("""{"command":"subscribe","key":"#","seq":1}""")).Field("code"));
        Assert.Equal("403", (await client.AskAsync("""{"command":"publish","key":"chat/a","value":1,"seq":1}""")).Field("code"));
        Assert.Equal("0", (await client.AskAsync("""{"command":"publish","key":"other","value":1,"seq":1}""")).Field("code"));
    }

    [Fact]
    public async Task A_request_is_signed_with_the_moment_and_its_body()
    {
        const string secret = "a secret that is long enough to sign with";
        await using var backend = await HookServer.StartAsync(Yes);
        await using var port = await Port.StartAsync(isWebSocket: true, plan =>
        {
            plan.Hooks.Publish = backend.Url;
            plan.Hooks.Secret = secret;
        });
        var client = await port.ConnectAsync();
        await client.AskAsync(Publish);

        var question = await backend.AskedAsync();

        var parts = question.Signature.Split(["t=", ",v1="], StringSplitOptions.RemoveEmptyEntries);
        var right = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{parts[0]}.{question.Body}"));
        Assert.Equal(Convert.ToHexStringLower(right), parts[1]);
        var age = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(parts[0], CultureInfo.InvariantCulture);
        Assert.InRange(age, 0, 60);
    }

    private static async Task<string> HelloAsync(Port port, string user)
    {
        var token = TokenMaker.Token(TimeProvider.System.GetUtcNow(), user);
        var client = await port.ConnectAsync();
        return await client.AskAsync($$"""{"command":"hello","token":"{{token}}","seq":1}""");
    }
}
