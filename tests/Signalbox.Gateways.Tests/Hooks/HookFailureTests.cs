using Signalbox.Gateways.Hooks;
using Signalbox.Gateways.Tests.Driving;
using Signalbox.Gateways.Tests.Security;

namespace Signalbox.Gateways.Tests.Hooks;

/// <summary>What a backend that does not do its part does to clients.</summary>
public sealed class HookFailureTests
{
    private const string Yes = """{"allow":true}""";
    private const string Secret = "a secret that is long enough to sign with";
    private const string Publish = """{"command":"publish","key":"news","value":"hello","seq":1}""";

    [Theory]
    [InlineData(200, "garbage")]
    [InlineData(200, "{}")]
    [InlineData(200, "[true]")]
    [InlineData(200, """{"allow":1}""")]
    [InlineData(200, """{"allow":true,"headers":{"a":1}}""")]
    [InlineData(200, """{"allow":true,"user":"$x"}""")]
    [InlineData(200, """{"allow":true,"value":"*","encoding":"base64"}""")]
    [InlineData(200, """{"allow":true,"since":-1}""")]
    [InlineData(201, Yes)]
    [InlineData(302, Yes)]
    [InlineData(403, """{"allow":false}""")]
    [InlineData(500, Yes)]
    public async Task What_is_no_answer_is_as_none(int status, string answer)
    {
        await using var backend = await HookServer.StartAsync(answer, status);

        Assert.Equal("503", await PublishedAsync(backend.Url, WhenDown.Deny));
        Assert.Equal("0", await PublishedAsync(backend.Url, WhenDown.Allow));
    }

    [Fact]
    public async Task A_backend_that_is_not_there_denies_or_allows_as_it_is_set()
    {
        await using var backend = await HookServer.StartAsync(Yes);
        var url = backend.Url;
        await backend.DisposeAsync();

        Assert.Equal("503", await PublishedAsync(url, WhenDown.Deny));
        Assert.Equal("0", await PublishedAsync(url, WhenDown.Allow));
    }

    [Fact]
    public async Task Nothing_at_all_is_yes_where_it_is_said_with_204()
    {
        await using var backend = await HookServer.StartAsync("", 204);

        Assert.Equal("0", await PublishedAsync(backend.Url, WhenDown.Deny));
    }

    [Fact]
    public async Task An_answer_that_is_too_long_is_none()
    {
        await using var backend = await HookServer.StartAsync($$"""{"allow":true,"more":"{{new string('x', 5000)}}"}""");

        Assert.Equal("503", await PublishedAsync(backend.Url, WhenDown.Deny, hooks => hooks.MaxAnswerBytes = 4000));
    }

    [Fact]
    public async Task A_backend_that_is_slow_holds_up_who_asks_and_nobody_else_and_keeps_their_order()
    {
        var isFree = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await HookServer.StartAsync(async question =>
        {
            if (question.Field("value") == "1") await isFree.Task;
            return (200, Yes);
        });
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Hooks.Publish = backend.Url;
            plan.Hooks.Timeout = TimeSpan.FromSeconds(50);
        });
        var (slow, other) = (await host.ConnectAsync("slow"), await host.ConnectAsync("other"));

        await slow.SendAsync(
            """{"command":"ping","seq":0}""",
            """{"command":"publish","key":"news","value":1,"seq":1}""",
            """{"command":"publish","key":"news","value":2,"seq":2}""",
            """{"command":"ping","seq":3}""");
        Assert.Equal("0", (await slow.ReadAsync("what came before")).Field("seq"));
        await backend.AskedAsync();
        Assert.Equal("0", (await other.AskAsync("""{"command":"publish","key":"other","value":3,"seq":9}""")).Field("code"));
        Assert.Equal("3", (await backend.AskedAsync()).Field("value"));
        isFree.SetResult();

        var replies = new[] { await slow.ReadAsync("1"), await slow.ReadAsync("2"), await slow.ReadAsync("3") };
        Assert.Equal(["1", "2", "3"], replies.Select(reply => reply.Field("seq")));
        Assert.Equal(["1", "2", ""], replies.Select(reply => reply.Field("offset")));
    }

    [Fact]
    public async Task A_backend_that_does_not_answer_in_time_is_down()
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await HookServer.StartAsync(async _ =>
        {
            await never.Task;
            return (200, Yes);
        });

        Assert.Equal("503", await PublishedAsync(backend.Url, WhenDown.Deny, hooks => hooks.Timeout = TimeSpan.FromMilliseconds(50)));
        never.SetResult();
    }

    [Fact]
    public async Task More_questions_than_may_be_under_way_are_refused_at_once()
    {
        var isFree = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await HookServer.StartAsync(async _ =>
        {
            await isFree.Task;
            return (200, Yes);
        });
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Hooks.Publish = backend.Url;
            plan.Hooks.MaxInFlight = 1;
            plan.Hooks.WhenDown = WhenDown.Allow;
            plan.Hooks.Timeout = TimeSpan.FromSeconds(50);
        });
        var (first, second) = (await host.ConnectAsync("first"), await host.ConnectAsync("second"));
        await first.SendAsync(Publish);
        await backend.AskedAsync();

        Assert.Equal("503", (await second.AskAsync(Publish)).Field("code"));

        isFree.SetResult();
        Assert.Equal("0", (await first.ReadAsync("its answer")).Field("code"));
        Assert.Equal("0", (await second.AskAsync(Publish)).Field("code"));
    }

    [Fact]
    public async Task Nothing_of_the_secret_or_the_address_is_logged_and_that_it_is_down_is_logged_once()
    {
        await using var backend = await HookServer.StartAsync("no", 500);
        var logs = new WrittenLog();

        await PublishedAsync(backend.Url + "?key=hidden", WhenDown.Deny, hooks => hooks.Secret = Secret, logs);

        Assert.DoesNotContain(logs.Lines, line => line.Contains(Secret, StringComparison.Ordinal) || line.Contains("hidden", StringComparison.Ordinal));
        Assert.Single(logs.Lines, line => line.Contains("it answered 500", StringComparison.Ordinal));
    }

    private static async Task<string> PublishedAsync(
        string url, WhenDown whenDown, Action<HookOptions>? change = null, WrittenLog? logs = null)
    {
        await using var host = await HttpHost.StartAsync(plan =>
        {
            plan.Hooks.Publish = url;
            plan.Hooks.WhenDown = whenDown;
            plan.Logs = logs;
            change?.Invoke(plan.Hooks);
        });
        var client = await host.ConnectAsync();
        await client.AskAsync(Publish);
        return (await client.AskAsync(Publish)).Field("code");
    }
}
